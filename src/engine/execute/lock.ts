import { sql } from "../database/sql.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { Clock, Observe, Session } from "../ports.ts";
import { historyLockKey } from "./transaction.ts";

export interface LockWait {
  readonly clock: Clock;
  readonly observe: Observe;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** The longest that all attempts together may take, in milliseconds. */
  readonly lockWaitMs: number;
  readonly signal: AbortSignal | undefined;
  /** Who holds what we wait for, as sentences; asked when the wait is given up. */
  readonly describeBlockers: () => Promise<readonly string[]>;
}

/** Backoff between attempts, in milliseconds (docs/decisions/0022-locks.md). */
const shortestPauseMs = 200;
const longestPauseMs = 2000;

/** Every attempt on a lock stalls those who come behind it, so there are 12, and 12 more for each further minute of `lockWaitMs`. */
const attemptsPerMinute = 12;

/** SQLSTATEs after which the same transaction may succeed if it is run again from its beginning. */
const lockTimedOut = "55P03";
const transient = new Set([lockTimedOut, "40P01", "40001"]);

/** True where another session was in the way and the whole transaction can be tried again. */
function isTransient(error: unknown): boolean {
  if (error instanceof HistoryIsHeld) return true;
  const refusal = refusalIn(error);
  if (refusal === undefined || refusal.connectionLost) return false;
  const { sqlstate, schema, message } = refusal.fields;
  if (transient.has(sqlstate)) return true;
  // Two sessions that create the same object race inside the system catalogs.
  if (sqlstate === "23505" && schema === "pg_catalog") return true;
  return sqlstate === "XX000" && message.includes("tuple concurrently updated");
}

/** What the database said, also where a statement's failure carries it. */
function refusalIn(error: unknown): DatabaseError | undefined {
  if (error instanceof DatabaseError) return error;
  const cause = error instanceof Error && !(error instanceof EngineError) ? error.cause : undefined;
  return cause instanceof DatabaseError ? cause : undefined;
}

/**
 * Runs again, with growing jittered pauses, while another session is in the way. At the end of the wait it throws
 * `lock_not_available` for a lock that was held all along, else what the last attempt threw.
 */
export async function withLockRetries<T>(wait: LockWait, attempt: () => Promise<T>): Promise<T> {
  const startedMs = wait.clock.monotonicMs();
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await pauseOrGiveUp(wait, count, wait.clock.monotonicMs() - startedMs, error);
    }
  }
}

/** Thrown inside `withLockRetries` to try again, because another session writes to the history. */
export class HistoryIsHeld extends Error {
  override readonly name = "HistoryIsHeld";
}

/**
 * Asks for the history's advisory lock, to be held until the open transaction or the session ends; true where it was free.
 * Nobody waits for it in a transaction: CREATE INDEX CONCURRENTLY of the one who holds the lock waits for the end of every
 * transaction that it met with a snapshot, even that of a poll, and would wait for the waiter (safety, section 2.5).
 */
export async function tryHistoryLock(session: Session, scope: "transaction" | "session"): Promise<boolean> {
  const ask =
    scope === "transaction"
      ? sql`select pg_try_advisory_xact_lock(${historyLockKey}) as locked`
      : sql`select pg_try_advisory_lock(${historyLockKey}) as locked`;
  const { rows } = await session.run(ask);
  return rows[0]?.["locked"] === true;
}

/** Gives back what `tryHistoryLock` took for the session. */
export async function releaseHistoryLock(session: Session): Promise<void> {
  await session.run(sql`select pg_advisory_unlock(${historyLockKey})`);
}

async function pauseOrGiveUp(wait: LockWait, count: number, waitedMs: number, cause: unknown): Promise<void> {
  const hasTimedOut = refusalIn(cause)?.fields.sqlstate === lockTimedOut;
  const mostAttempts = attemptsPerMinute * Math.max(1, Math.floor(wait.lockWaitMs / 60_000));
  if (waitedMs >= wait.lockWaitMs || (hasTimedOut && count >= mostAttempts)) {
    throw hasTimedOut || cause instanceof HistoryIsHeld
      ? await lockNotAvailable(wait, waitedMs, cause)
      : cause;
  }
  wait.observe({ kind: "lock_waiting", attempt: count, waitedMs: Math.round(waitedMs) });
  const pauseMs = Math.min(longestPauseMs, shortestPauseMs * 2 ** Math.min(count - 1, 8));
  await sleepUnlessCancelled(wait, pauseMs * (0.5 + wait.random() / 2));
}

async function sleepUnlessCancelled(wait: LockWait, ms: number): Promise<void> {
  try {
    await wait.clock.sleep(ms, wait.signal);
  } catch (cause) {
    throw new EngineError("cancelled", "The call was cancelled while it waited for a lock.", {}, cause);
  }
}

async function lockNotAvailable(wait: LockWait, waitedMs: number, cause: unknown): Promise<EngineError> {
  const blockers = await wait.describeBlockers();
  const who = blockers.length === 0 ? "Another session" : blockers.join("; ");
  const seconds = (waitedMs / 1000).toFixed(1);
  return new EngineError("lock_not_available", `${who} held a needed lock for ${seconds} s.`, {}, cause);
}
