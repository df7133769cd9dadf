import { sendTogether } from "../database/send-together.ts";
import { sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Query, Session, TargetDescription } from "../ports.ts";

/** How long a statement may wait for a lock and how long it may run, in milliseconds; 0 is no limit. */
export interface Limits {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Names the transaction and its backend, so that the outcome of a lost COMMIT can be found out. */
export interface OpenTransaction {
  readonly xid: string;
  readonly pid: number;
}

/** The advisory lock that every Godwit takes before it writes to one database's history. */
export const historyLockKey: Query = sql`
  hashtextextended('supabase_migrations.schema_migrations@' || current_database(), 0)`;

/**
 * Begins a transaction from the session's defaults with the limits set for it alone.
 * A client that is gone ends its statement within a second, and an idle transaction within a minute, so that no lock outlives us.
 */
export async function beginTransaction(
  session: Session,
  limits: Limits,
  engine: TargetDescription["engine"],
): Promise<OpenTransaction> {
  // Another default would keep the first snapshot, so that a second look at the history would see nothing new.
  const [, , transaction] = await sendTogether(
    session.run(sql`begin isolation level read committed`),
    session.run(sql`reset all`),
    limitTransaction(session, limits, engine),
  );
  return transaction;
}

/** Sets the limits for the open transaction alone, as after a RESET ALL. */
export async function limitTransaction(
  session: Session,
  limits: Limits,
  engine: TargetDescription["engine"],
): Promise<OpenTransaction> {
  const { rows } = await session.run(engine === "pglite" ? embeddedSettings() : serverSettings(limits));
  const row = rows[0];
  return { xid: String(row?.["xid"]), pid: Number(row?.["pid"]) };
}

/** Takes back the role and the settings that SQL of a migration has left, in the session or the open transaction. */
export async function leaveSettings(session: Session, engine: TargetDescription["engine"]): Promise<void> {
  // PGlite has no authenticated user to go back to.
  const own =
    engine === "pglite" ? sql`set session authorization postgres` : sql`reset session authorization`;
  await sendTogether(session.run(own), session.run(sql`reset role`), session.run(sql`reset all`));
}

/** Ends a transaction that is given up. A session that cannot even roll back is closed. */
export async function rollback(session: Session): Promise<void> {
  try {
    await session.run(sql`rollback`);
  } catch {
    session.discard();
  }
}

/**
 * Commits from the session's defaults, so that nothing set on the way stays behind for the next user of a pooled connection.
 * Throws a `DatabaseError` (25P02) where the server rolled back instead: a COMMIT of a failed transaction is no error to it.
 */
export async function commit(session: Session): Promise<void> {
  const { command } = await session.run(sql`commit`);
  if (command === "COMMIT") return;
  throw new DatabaseError(
    { sqlstate: "25P02", message: "The transaction had failed, so the server rolled it back." },
    false,
  );
}

function serverSettings(limits: Limits): Query {
  return sql`
    select
      set_config('lock_timeout', ${String(limits.lockTimeoutMs)}, true),
      set_config('statement_timeout', ${String(limits.statementTimeoutMs)}, true),
      set_config('idle_in_transaction_session_timeout', '60s', true),
      set_config('client_connection_check_interval', '1s', true),
      set_config('standard_conforming_strings', 'on', true),
      pg_current_xact_id()::text as xid,
      pg_backend_pid() as pid`;
}

/** PGlite runs alone in its process: there is nobody to wait for, and its timers never fire. */
function embeddedSettings(): Query {
  return sql`
    select
      set_config('standard_conforming_strings', 'on', true),
      pg_current_xact_id()::text as xid,
      pg_backend_pid() as pid`;
}
