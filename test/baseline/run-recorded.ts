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

/** What the independent query sees of the project: its history aside, and with casts of arrays as the server writes them the second time. */
export function withoutBookkeeping(entries: Entries): Readonly<Record<string, string>> {
  const kept = [...entries].filter(([key]) => !key.includes("supabase_migrations"));
  return Object.fromEntries(kept.map(([key, text]) => [key, foldArrayCasts(text)]));
}
