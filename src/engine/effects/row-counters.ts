import * as z from "zod";
import { sql } from "../database/sql.ts";
import type { RowCounters, TableRows } from "../model/effects.ts";
import type { StatementResult } from "../model/history.ts";
import type { Query, Session } from "../ports.ts";

/** The row counters of every lasting table outside the system's schemas that has any. */
export const counterRows: Query = sql`
  select
    c.oid::text as oid,
    n.nspname as schema,
    c.relname as table,
    counted.*
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  cross join lateral (
    select
      pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) as inserted,
      pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) as updated,
      pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) as deleted,
      pg_catalog.pg_stat_get_xact_numscans(c.oid) as scans,
      pg_catalog.pg_stat_get_xact_tuples_returned(c.oid) as rows_scanned
  ) counted
  where c.relkind in ('r', 'm')
    and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    and counted.inserted + counted.updated + counted.deleted + counted.scans + counted.rows_scanned > 0`;

/** A row of `counterRows` as JSON. */
export const counterRow = z.object({
  oid: z.string(),
  schema: z.string(),
  table: z.string(),
  inserted: z.number(),
  updated: z.number(),
  deleted: z.number(),
  scans: z.number(),
  rows_scanned: z.number(),
});

/** The counters by OID. */
export function toCounters(rows: readonly z.infer<typeof counterRow>[]): ReadonlyMap<string, RowCounters> {
  return new Map(rows.map(({ oid, rows_scanned: rowsScanned, ...rest }) => [oid, { ...rest, rowsScanned }]));
}

/** Measures from one call to the next, within a transaction. */
export type RowMeter = () => Promise<readonly TableRows[]>;

/** Begins to measure the open transaction. Undefined where the server does not count rows (`track_counts` is off). */
export async function startRowMeter(session: Session): Promise<RowMeter | undefined> {
  const begin = await readCounters(session);
  if (begin === undefined) return undefined;
  let before = countersSince(begin, begin);
  return async () => {
    const after = countersSince(begin, (await readCounters(session)) ?? begin);
    const rows = changedRows(before, after);
    before = after;
    return rows;
  };
}

/** Counters as they went up since a transaction began: the server also counts what the same connection did shortly before. */
export function countersSince(
  begin: ReadonlyMap<string, RowCounters>,
  now: ReadonlyMap<string, RowCounters>,
): ReadonlyMap<string, RowCounters> {
  return new Map(
    [...now].map(([oid, counters]): readonly [string, RowCounters] => {
      const then = begin.get(oid);
      if (then === undefined) return [oid, counters];
      const since = (pick: (each: RowCounters) => number) => Math.max(0, pick(counters) - pick(then));
      return [
        oid,
        {
          schema: counters.schema,
          table: counters.table,
          inserted: since(({ inserted }) => inserted),
          updated: since(({ updated }) => updated),
          deleted: since(({ deleted }) => deleted),
          scans: since(({ scans }) => scans),
          rowsScanned: since(({ rowsScanned }) => rowsScanned),
        },
      ];
    }),
  );
}

/** The counters of the open transaction by OID. Undefined where the server does not count rows. */
export async function readCounters(session: Session): Promise<ReadonlyMap<string, RowCounters> | undefined> {
  const { rows } = await session.run(sql`
    select
      pg_catalog.current_setting('track_counts') = 'on' as is_counting,
      (select coalesce(json_agg(k), '[]') from (${counterRows}) k) as counters`);
  const row = rows[0];
  if (row?.["is_counting"] !== true) return undefined;
  return toCounters(z.array(counterRow).parse(row["counters"]));
}

/**
 * The rows that changed between two looks, table by table. TRUNCATE sets a table's counters back, so a smaller count begins anew.
 * What was undone inside the transaction, by ROLLBACK TO or an exception handler, stays counted: the server counts attempts.
 */
export function changedRows(
  before: ReadonlyMap<string, RowCounters>,
  after: ReadonlyMap<string, RowCounters>,
): readonly TableRows[] {
  return [...after].flatMap(([oid, now]) => {
    const then = before.get(oid);
    const inserted = grown(then?.inserted, now.inserted);
    const updated = grown(then?.updated, now.updated);
    const deleted = grown(then?.deleted, now.deleted);
    if (inserted + updated + deleted === 0) return [];
    return [{ table: `${now.schema}.${now.table}`, inserted, updated, deleted }];
  });
}

/** One entry a table, most rows first. */
export function mergeRows(rows: readonly TableRows[]): readonly TableRows[] {
  const byTable = new Map<string, TableRows>();
  for (const each of rows) {
    const known = byTable.get(each.table);
    byTable.set(each.table, known === undefined ? each : addRows(known, each));
  }
  return [...byTable.values()].toSorted((a, b) => sumRows([b]) - sumRows([a]));
}

function addRows(left: TableRows, right: TableRows): TableRows {
  const destroyed = (left.destroyed ?? 0) + (right.destroyed ?? 0);
  return {
    table: left.table,
    inserted: left.inserted + right.inserted,
    updated: left.updated + right.updated,
    deleted: left.deleted + right.deleted,
    ...(destroyed === 0 ? {} : { destroyed }),
    ...(left.isEstimate === true || right.isEstimate === true ? { isEstimate: true } : {}),
  };
}

/** How many rows changed or went, all tables together. */
export function sumRows(tables: readonly TableRows[]): number {
  return tables.reduce(
    (sum, { inserted, updated, deleted, destroyed }) => sum + inserted + updated + deleted + (destroyed ?? 0),
    0,
  );
}

/** How many rows statements affected: what really changed where that was measured, else what the command tags count. */
export function rowsAffectedBy(results: readonly StatementResult[]): number {
  const measured = results.flatMap(({ tables }) => (tables === undefined ? [] : [tables]));
  if (measured.length > 0) return sumRows(measured.flat());
  return results.reduce((sum, { rowsAffected }) => sum + rowsAffected, 0);
}

/** How far a counter went up. */
export function grown(before: number | undefined, after: number): number {
  return before === undefined || after < before ? after : after - before;
}
