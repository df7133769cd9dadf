import type { Entries } from "../drift/pg-dump.ts";
import { withClient } from "../drift/run-script.ts";
import { foldArrayCasts } from "../../src/engine/compare/fold-array-casts.ts";

/** Builds a database from what another one's history has recorded, statement by statement. */
export async function runRecorded(from: string, to: string): Promise<void> {
  const statements = await withClient(from, async (client) => {
    const rows = await client<{ statements: string[] }[]>`
      select statements from supabase_migrations.schema_migrations order by version`;
    return rows.flatMap((row) => row.statements);
  });
  await withClient(to, async (client) => {
    for (const statement of statements) await client.unsafe(statement);
  });
}

/**
 * What the independent query sees of the project: its history aside, with casts of arrays as the server writes them the second time, and a
 * publication's tables in any order.
 */
export function withoutBookkeeping(entries: Entries): Readonly<Record<string, string>> {
  const facts = ofProject(entries).map(([key, text]) => [
    key,
    text.split("\n").map(foldFact(key)).join("\n"),
  ]);
  return Object.fromEntries(facts);
}

/** What pg_dump writes of the project, in the same way. */
export function dumpWithoutBookkeeping(entries: Entries): Readonly<Record<string, string>> {
  return Object.fromEntries(ofProject(entries).map(([key, text]) => [key, foldArrayCasts(text)]));
}

function ofProject(entries: Entries): readonly (readonly [string, string])[] {
  return [...entries].filter(([key]) => !key.includes("supabase_migrations"));
}

/** The casts stand in the strings of a JSON text, whose quotes are none of SQL's. */
function foldFact(key: string): (text: string) => string {
  const fold = (_: string, value: unknown): unknown => {
    if (typeof value === "string") return foldArrayCasts(value);
    return key.startsWith("publication ") && Array.isArray(value) ? value.map(String).toSorted() : value;
  };
  return (text) => JSON.stringify(JSON.parse(text, fold));
}
