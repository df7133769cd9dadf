import { sql } from "../database/sql.ts";
import type { Query, Session } from "../ports.ts";

/** The advisory lock of one phase: whoever runs it holds it, so that migrations go on beside it. */
function phaseLockKey(number: string): Query {
  return sql`
    hashtextextended('supabase_migrations.migration_history/phase ' || ${number} || '@' || current_database(), 0)`;
}

/** Asks for the phase's lock, until the open transaction or the session ends; true where it was free. Nobody waits for it in a transaction. */
export async function tryPhaseLock(
  session: Session,
  number: string,
  scope: "transaction" | "session",
): Promise<boolean> {
  const ask =
    scope === "transaction"
      ? sql`select pg_try_advisory_xact_lock(${phaseLockKey(number)}) as locked`
      : sql`select pg_try_advisory_lock(${phaseLockKey(number)}) as locked`;
  const { rows } = await session.run(ask);
  return rows[0]?.["locked"] === true;
}

/** Gives back what `tryPhaseLock` took for the session. */
export async function releasePhaseLock(session: Session, number: string): Promise<void> {
  await session.run(sql`select pg_advisory_unlock(${phaseLockKey(number)})`);
}
