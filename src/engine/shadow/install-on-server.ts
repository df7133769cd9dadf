import { ident, sql, userStatement } from "../database/sql.ts";
import type { Catalog, Fact } from "../model/catalog.ts";
import type { Session } from "../ports.ts";
import { splitStatements } from "../sql/split.ts";
import { standInExtensions, standInStatements } from "../stand-in/index.ts";
import { tryRun } from "./try-run.ts";

/**
 * Makes the likeness of a fresh Supabase project in a database of a server. Of an extension that the server lacks and SQL can stand in for,
 * the objects are made without the extension; answers these extensions. What the server refuses is left out: the files then say what they miss.
 */
export async function installOnServer(session: Session, live: Catalog): Promise<readonly Fact[]> {
  for (const { sql: text } of standInStatements()) await runAll(session, text);
  const { rows } = await session.run(sql`select name from pg_catalog.pg_available_extensions`);
  const available = new Set(rows.map((row) => row["name"]));
  const stoodIn: Fact[] = [];
  for (const { name, scripts } of standInExtensions()) {
    const extension = extensionOf(live, name);
    if (available.has(name) || extension === undefined) continue;
    await runInSchema(session, schemaOf(extension), scripts[0]?.sql ?? "");
    stoodIn.push(extension);
  }
  await session.run(sql`discard all`);
  return stoodIn;
}

function extensionOf(live: Catalog, name: string): Fact | undefined {
  return [...live.facts.values()].find(({ kind, id }) => kind === "extension" && id.name === name);
}

function schemaOf({ attributes }: Fact): string {
  const { schema } = attributes;
  return typeof schema === "string" && schema !== "pg_catalog" ? schema : "extensions";
}

/** As CREATE EXTENSION runs a script: in the extension's schema, which stands in the text as a placeholder too. */
async function runInSchema(session: Session, schema: string, text: string): Promise<void> {
  await tryRun(session, sql`create schema if not exists ${ident(schema)}`);
  await tryRun(session, sql`set search_path = ${ident(schema)}`);
  await runAll(session, text.replaceAll("@extschema@", `"${schema.replaceAll('"', '""')}"`));
}

async function runAll(session: Session, text: string): Promise<void> {
  for (const statement of splitStatements(text)) await tryRun(session, userStatement(statement.text));
}
