import { readCatalog } from "../catalog/read-catalog.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { ident, sql, userStatement } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog, Change, Fact } from "../model/catalog.ts";
import { planSchemaChange } from "../plan/schema-change/plan-schema-change.ts";
import type { Query, Session } from "../ports.ts";
import type { ReplayFinding } from "./replay-file.ts";

/** Makes a fresh shadow like the live database in what migrations take for given: enabled extensions and default privileges. */
export async function prepareShadow(session: Session, live: Catalog): Promise<readonly ReplayFinding[]> {
  const findings: ReplayFinding[] = [];
  for (const extension of listExtensions(live)) {
    const failure = await enableExtension(session, extension);
    if (failure !== undefined)
      findings.push({ file: `extension ${extension.id.name}`, line: 1, cause: failure.fields.message });
  }
  await copyDefaultPrivileges(session, live);
  return findings;
}

/** What of the live database goes into a fresh shadow, as a text that changes whenever it does. */
export function describePreparation(live: Catalog): string {
  const facts = [...listExtensions(live), ...[...live.facts.values()].filter(isDefaultPrivilege)];
  return facts
    .map(({ key, attributes }) => JSON.stringify([key, attributes]))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join("\n");
}

function listExtensions(live: Catalog): readonly Fact[] {
  return [...live.facts.values()].filter(({ kind, id }) => kind === "extension" && id.name !== "plpgsql");
}

async function enableExtension(
  session: Session,
  { id, attributes }: Fact,
): Promise<DatabaseError | undefined> {
  const schema = attributes["schema"];
  const queries: readonly Query[] =
    typeof schema === "string" && schema !== "pg_catalog"
      ? [
          sql`create schema if not exists ${ident(schema)}`,
          sql`create extension if not exists ${ident(id.name)} with schema ${ident(schema)} cascade`,
        ]
      : [sql`create extension if not exists ${ident(id.name)} cascade`];
  for (const query of queries) {
    const failure = await tryRun(session, query);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Grants of the live database's time decide what the files' tables get (drift.md 7.2); one for a role that is not there is left out. */
async function copyDefaultPrivileges(session: Session, live: Catalog): Promise<void> {
  const fresh = await readCatalog(session);
  const changes = diffCatalogs(fresh, live).filter(isAboutDefaultPrivileges);
  const { statements } = planSchemaChange({ from: fresh, to: live, changes });
  for (const statement of statements) await tryRun(session, userStatement(statement.sql));
}

function isAboutDefaultPrivileges(change: Change): boolean {
  return isDefaultPrivilege(change.kind === "altered" ? change.to : change.fact);
}

function isDefaultPrivilege({ kind }: Fact): boolean {
  return kind === "default_privilege";
}

async function tryRun(session: Session, query: Query): Promise<DatabaseError | undefined> {
  return session.run(query).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof DatabaseError && !error.connectionLost) return error;
      throw error;
    },
  );
}
