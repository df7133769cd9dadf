import { sql } from "../database/sql.ts";
import type { Session } from "../ports.ts";

/** Rows of one table that were deleted and updated, through whatever statement, trigger or cascade. */
export interface RowChange {
  /** Such as `public.orders`. */
  readonly table: string;
  readonly deleted: number;
  readonly updated: number;
}

/**
 * Begins to watch the open transaction; the answer tells what it did since then, rows that it made itself and changed again
 * included. The server's counters may hold what the session did before and has not handed on, so only differences count.
 */
export async function watchRowChanges(session: Session): Promise<() => Promise<readonly RowChange[]>> {
  const before = await readCounters(session);
  return async () => {
    const after = await readCounters(session);
    const changes = [...after].map(([table, counters]) => ({
      table,
      deleted: counters.deleted - (before.get(table)?.deleted ?? 0),
      updated: counters.updated - (before.get(table)?.updated ?? 0),
    }));
    return changes
      .filter(({ deleted, updated }) => deleted + updated > 0)
      .toSorted((a, b) => b.deleted + b.updated - a.deleted - a.updated);
  };
}

async function readCounters(session: Session): Promise<ReadonlyMap<string, Omit<RowChange, "table">>> {
  const { rows } = await session.run(sql`
    select schemaname || '.' || relname as table, n_tup_del::float8 as deleted, n_tup_upd::float8 as updated
    from pg_catalog.pg_stat_xact_user_tables
    where n_tup_del + n_tup_upd > 0`);
  return new Map(
    rows.map((row) => [
      String(row["table"]),
      { deleted: Number(row["deleted"]), updated: Number(row["updated"]) },
    ]),
  );
}
