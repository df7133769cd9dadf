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
