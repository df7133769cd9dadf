import { sql } from "../database/sql.ts";
import { lockEntryTable } from "../history/queries.ts";
import type { Query } from "../ports.ts";
import { checkWhole, guard, openScript, scriptEnds, takeLock } from "./batch-script.ts";
import { historyLockKey, type Limits } from "./transaction.ts";

/** The row side of a change of files and history that is sent as one request. */
export interface ChangeOrder {
  readonly runId: string;
  readonly limits: Limits;
  /** What `wholeHistoryMark` answered when the history was judged. */
  readonly mark: string;
  readonly changes: readonly Query[];
  /** How many rows the changes are about. */
  readonly rowsAffected: number;
}

/** The run's row decides what becomes of the files: a script whose run was given up ends before it has changed anything. */
export function changeScript({ runId, limits, mark, changes, rowsAffected }: ChangeOrder): readonly Query[] {
  return [
    ...openScript(limits),
    guard(sql`
      ${checkWhole}
      ${takeLock}
      ${lockEntryTable};
      if not exists (select ${pendingRun(runId)}) then
        raise exception 'this run was given up before it began' using errcode = ${scriptEnds.givenUp};
      end if;
      if (select ${wholeHistoryMark}) <> ${mark} then
        raise exception 'the history has changed meanwhile' using errcode = ${scriptEnds.changed};
      end if;`),
    ...changes,
    sql`
      update supabase_migrations.migration_history
      set status = 'completed', completed_at = clock_timestamp(), rows_affected = ${rowsAffected},
        duration_ms = (extract(epoch from clock_timestamp() - now()) * 1000)::integer, statement_results = '[]'
      where run_id = ${runId}::uuid and kind in ('reconcile', 'baseline')`,
    sql`select 'recorded' as outcome`,
  ];
}

/**
 * Settles a run of which nobody knows the end, once nobody holds the history: it was committed, or is given up now, which keeps a
 * script that comes late from running. Answers `outcome`: `committed`, `rolled_back` or `in_progress`.
 */
export function settleChangeScript(runId: string): readonly Query[] {
  return [
    ...openScript({ lockTimeoutMs: 4000, statementTimeoutMs: 60_000 }),
    sql`select set_config('godwit.locked', pg_try_advisory_xact_lock(${historyLockKey})::text, true)`,
    sql`
      update supabase_migrations.migration_history
      set status = 'error', completed_at = clock_timestamp(), error_message = 'Undone: it was cut off'
      where current_setting('godwit.locked') = 'true'
        and id in (select id ${pendingRun(runId)})`,
    sql`
      select case
        when current_setting('godwit.locked') <> 'true' then 'in_progress'
        when exists (
          select from supabase_migrations.migration_history
          where run_id = ${runId}::uuid and kind in ('reconcile', 'baseline') and status = 'completed'
        ) then 'committed'
        else 'rolled_back'
      end as outcome`,
  ];
}

/** Everything that both tables record now, as one text that changes with it. */
export const wholeHistoryMark: Query = sql`
  md5(
    coalesce((
      select string_agg(md5(to_jsonb(m)::text), ',' order by md5(to_jsonb(m)::text)) from supabase_migrations.schema_migrations m
    ), '') || '|' || coalesce((
      select string_agg(md5(to_jsonb(r)::text), ',' order by r.id) from supabase_migrations.migration_history r
    ), '')
  )`;

function pendingRun(runId: string): Query {
  return sql`
    from supabase_migrations.migration_history
    where run_id = ${runId}::uuid and kind in ('reconcile', 'baseline') and status = 'pending'`;
}
