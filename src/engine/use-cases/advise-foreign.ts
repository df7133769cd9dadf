import { readFrom } from "../database/transport.ts";
import { readForeignRecords } from "../history/foreign-tables.ts";
import { matchForeign } from "../plan/reconcile/match-foreign.ts";
import type { Project } from "./read-project.ts";

/** The call that comes first where the history is empty, and another tool's table records some of the pending files as run. */
export async function adviseForeign({
  database,
  history,
  reconciliation,
}: Project): Promise<readonly string[]> {
  const pending = reconciliation.statuses.flatMap((status) =>
    status.kind === "pending" ? [status.file] : [],
  );
  if (history.entries.length > 0 || pending.length === 0) return [];
  const recorded = matchForeign(await readFrom(database, readForeignRecords), pending);
  const [table] = recorded.values();
  if (table === undefined) return [];
  return [
    `reconcile_history {} comes first: ${table} records ${recorded.size} of the ${pending.length} pending files as run, and the Supabase CLI's history none.`,
  ];
}
