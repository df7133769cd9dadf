import { sql } from "../database/sql.ts";
import type { Rollback } from "../model/rollback.ts";
import type { Query } from "../ports.ts";

/** Notes in a run's row how its migration can be undone. */
export function noteRollback(id: number, rollback: Rollback): Query {
  const { verdict, sql: script, ...details } = rollback;
  return sql`
    update supabase_migrations.migration_history
    set rollback_sql = coalesce(nullif(${script ?? null}::text, ''), rollback_sql),
      rollback_verdict = ${verdict},
      rollback_details = ${JSON.stringify(details)}::jsonb
    where id = ${id}`;
}

/** Begins and ends at once the row of a migration that was undone. */
export function insertRollbackRun(run: {
  readonly version: string;
  readonly name: string;
  readonly checksum: string | undefined;
  readonly runId: string;
  readonly appliedBy: string;
  readonly rowsAffected: number;
  readonly durationMs: number;
  readonly statementResults: string;
}): Query {
  return sql`
    insert into supabase_migrations.migration_history
      (kind, phase_number, phase_name, status, started_at, completed_at, version, checksum, run_id, applied_by,
        rows_affected, duration_ms, statement_results)
    values (
      'rollback', ${run.version}, ${run.name}, 'completed', now(), clock_timestamp(), ${run.version},
      ${run.checksum ?? null}, ${run.runId}::uuid, ${run.appliedBy}, ${run.rowsAffected}, ${run.durationMs},
      ${run.statementResults}::jsonb
    )`;
}
