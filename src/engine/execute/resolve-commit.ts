import { sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import { recordedRun } from "../history/queries.ts";
import type { Clock, SessionDatabase, Session } from "../ports.ts";
import type { OpenTransaction } from "./transaction.ts";

/** How long a lost COMMIT is asked after, in milliseconds, and how long its transaction may go on before it is ended. */
const patienceMs = 30_000;
const zombiePatienceMs = 5_000;
const pauseMs = 250;

export type CommitOutcome = "committed" | "rolled_back" | "unknown";

export interface LostCommit {
  readonly transaction: OpenTransaction;
  /** The history rows that the transaction wrote, if it wrote any. */
  readonly recorded: { readonly version: string; readonly runId: string } | undefined;
}

/** Finds out what became of a COMMIT whose answer was lost, by asking the server for the transaction's fate (safety, section 2.5). */
export async function resolveCommit(
  database: SessionDatabase,
  clock: Clock,
  lost: LostCommit,
): Promise<CommitOutcome> {
  const startedMs = clock.monotonicMs();
  for (;;) {
    const elapsedMs = clock.monotonicMs() - startedMs;
    if (elapsedMs > patienceMs) return "unknown";
    const fate = await askFate(database, lost, elapsedMs > zombiePatienceMs);
    if (fate !== "in_progress") return fate;
    await clock.sleep(pauseMs);
  }
}

async function askFate(
  database: SessionDatabase,
  lost: LostCommit,
  isOverdue: boolean,
): Promise<CommitOutcome | "in_progress"> {
  try {
    return await database.withSession((session) => readFate(session, lost, isOverdue));
  } catch (error) {
    // 22023: the server does not know the transaction yet, so it is another one than before.
    if (error instanceof DatabaseError && error.fields.sqlstate === "22023") return "unknown";
    return "in_progress";
  }
}

async function readFate(
  session: Session,
  lost: LostCommit,
  isOverdue: boolean,
): Promise<CommitOutcome | "in_progress"> {
  const { xid, pid } = lost.transaction;
  const { rows } = await session.run(sql`select pg_xact_status(${xid}::xid8) as status`);
  const status = rows[0]?.["status"];
  if (status === "committed") return "committed";
  if (status === "aborted") return "rolled_back";
  if (status === "in progress") {
    if (isOverdue) await endZombie(session, pid, xid);
    return "in_progress";
  }
  // Too old for the server to know: the history row decides.
  if (lost.recorded === undefined) return "unknown";
  const recorded = await session.run(recordedRun(lost.recorded.version, lost.recorded.runId));
  return recorded.rows[0]?.["has_run"] === true ? "committed" : "rolled_back";
}

/** Ends the backend that still holds the lost transaction, and no other that got its pid. */
async function endZombie(session: Session, pid: number, xid: string): Promise<void> {
  await session.run(sql`
    select pg_terminate_backend(a.pid)
    from pg_catalog.pg_stat_activity a
    where a.pid = ${pid}
      and a.application_name = 'godwit'
      and a.backend_xid::text = (${xid}::xid8)::xid::text`);
}
