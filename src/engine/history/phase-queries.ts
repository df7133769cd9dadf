import { sql } from "../database/sql.ts";
import type { FoundPhase, PhaseProgress } from "../model/phase.ts";
import type { Query } from "../ports.ts";

/** Every phase of ours, in the order of recording. */
export const allPhases: Query = sql`
  select to_jsonb(r) as fields
  from supabase_migrations.migration_history r
  where r.kind = 'phase'
  order by r.id`;

/** The newest row of one phase. */
export function newestPhase(number: string): Query {
  return sql`
    select to_jsonb(r) as fields
    from supabase_migrations.migration_history r
    where r.kind = 'phase' and r.phase_number = ${number}
    order by r.id desc
    limit 1`;
}

/** The same row by its id, held until the transaction ends, so that no other runner works on the phase meanwhile. */
export function lockPhase(id: number): Query {
  return sql`
    select to_jsonb(r) as fields
    from supabase_migrations.migration_history r
    where r.id = ${id}
    for update`;
}

export interface PhaseRun {
  readonly number: string;
  readonly name: string;
  readonly checksum: string;
  readonly rollbackSql: string | null;
  readonly runId: string;
  readonly appliedBy: string;
  readonly progress: PhaseProgress | undefined;
}

/** Begins a phase: its row is pending until `completeRun` or `failPhase`. Answers the row. */
export function insertPhase(run: PhaseRun): Query {
  return sql`
    insert into supabase_migrations.migration_history as r
      (kind, phase_number, phase_name, status, started_at, rollback_sql, checksum, run_id, applied_by, rows_affected, progress)
    values (
      'phase', ${run.number}, ${run.name}, 'pending', clock_timestamp(), ${run.rollbackSql}, ${run.checksum},
      ${run.runId}::uuid, ${run.appliedBy}, 0, ${toJson(run.progress)}::jsonb
    )
    returning to_jsonb(r) as fields`;
}

/** Takes a phase up again behind its last batch. */
export function resumePhase(id: number, run: PhaseRun): Query {
  return sql`
    update supabase_migrations.migration_history r
    set ${takenUp(run)}
    where r.id = ${id}
    returning to_jsonb(r) as fields`;
}

/** Takes a phase up again from its beginning; what it was adopted from stays. */
export function restartPhase(id: number, run: PhaseRun): Query {
  return sql`
    update supabase_migrations.migration_history r
    set ${takenUp(run)}, rows_affected = 0, duration_ms = null,
      progress = jsonb_strip_nulls(jsonb_build_object('adoptedFrom', r.progress -> 'adoptedFrom'))
        || coalesce(${toJson(run.progress)}::jsonb, '{}')
    where r.id = ${id}
    returning to_jsonb(r) as fields`;
}

function takenUp(run: PhaseRun): Query {
  return sql`
    status = 'pending', started_at = coalesce(r.started_at, clock_timestamp()), completed_at = null,
    error_message = null, rollback_sql = ${run.rollbackSql}, checksum = ${run.checksum},
    run_id = ${run.runId}::uuid, applied_by = ${run.appliedBy}, phase_name = ${run.name}`;
}

/** Notes one batch, in its own transaction. */
export function noteBatch(id: number, progress: PhaseProgress, rowsAffected: number): Query {
  return sql`
    update supabase_migrations.migration_history
    set progress = coalesce(progress, '{}') || ${JSON.stringify(progress)}::jsonb,
      rows_affected = ${rowsAffected}, duration_ms = ${progress.durationMs}
    where id = ${id}`;
}

/** Notes why a phase stopped; what it has committed stays noted. */
export function failPhase(id: number, errorMessage: string): Query {
  return sql`
    update supabase_migrations.migration_history
    set status = 'error', completed_at = clock_timestamp(), error_message = ${errorMessage}
    where id = ${id} and status = 'pending'`;
}

/** Records a phase that another table has, with the whole of its row, unless that was done before. */
export function adoptPhase(
  found: FoundPhase,
  run: { readonly runId: string; readonly appliedBy: string },
): Query {
  const adopted = JSON.stringify({ adoptedFrom: { table: found.table, row: found.row } });
  const column = (name: string) => sql`(${JSON.stringify(found.row)}::jsonb ->> ${name})`;
  return sql`
    insert into supabase_migrations.migration_history
      (kind, phase_number, phase_name, status, started_at, completed_at, error_message, rollback_sql, rows_affected,
        run_id, applied_by, progress, created_at)
    select
      'phase', ${found.number}, ${found.name}, ${statusOf(found.state)}, ${column("started_at")}::timestamptz,
      ${column("completed_at")}::timestamptz, ${column("error_message")}, ${column("rollback_sql")},
      ${column("rows_affected")}::bigint, ${run.runId}::uuid, ${run.appliedBy}, ${adopted}::jsonb,
      coalesce(${column("created_at")}::timestamptz, now())
    where not exists (
      select from supabase_migrations.migration_history r
      where r.kind = 'phase' and r.progress -> 'adoptedFrom' = ${adopted}::jsonb -> 'adoptedFrom'
    )`;
}

/** Our three words for those that projects' own scripts use; what was rolled back is not done. */
function statusOf(state: string): string {
  if (["completed", "complete", "success", "applied", "done"].includes(state)) return "completed";
  return ["failed", "error", "rolled_back"].includes(state) ? "error" : "pending";
}

function toJson(progress: PhaseProgress | undefined): string | null {
  return progress === undefined ? null : JSON.stringify(progress);
}
