import { describeLockHolder, readLockHolders, type LockHolder } from "../effects/lock-holders.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { RunContext } from "./run-context.ts";
import type { MigrationEnd } from "./run-plan.ts";

/** Where to rehearse: what reaches beyond the transaction is refused on the target and harmless on a copy. */
export type RehearsalPlace = "target" | "copy";

const lockTimedOut = "55P03";
const statementTimedOut = "57014";

interface LimitedEnd {
  readonly context: RunContext;
  readonly end: Extract<MigrationEnd, { kind: "failed" }>;
  /** The statement that failed; empty where looking at the catalog failed. */
  readonly text: string;
  readonly place: RehearsalPlace;
}

/** A failed end, told as what it is where a limit of the rehearsal was the cause: nothing is wrong with the migration then. */
export async function explainLimit({ context, end, text, place }: LimitedEnd): Promise<MigrationEnd> {
  const { error } = end;
  const failed = { ...end, keepsSteps: false };
  if (!(error instanceof DatabaseError) || error.connectionLost || place === "copy") return failed;
  const { sqlstate } = error.fields;
  if (sqlstate === lockTimedOut) return { ...failed, error: await lockHeld(context, text, error) };
  const isOurs = sqlstate === statementTimedOut && context.signal?.aborted !== true;
  return isOurs ? { ...failed, error: tookTooLong(context, error) } : failed;
}

async function lockHeld(
  { database, limits }: RunContext,
  text: string,
  cause: DatabaseError,
): Promise<EngineError> {
  const holders = await database
    .withSession((session) => readLockHolders(session, text))
    .catch((): readonly LockHolder[] => []);
  const who = holders.length === 0 ? "Another session" : holders.map(describeLockHolder).join("; ");
  return new EngineError(
    "lock_not_available",
    `${who} holds a lock that is needed, and a rehearsal waits ${limits.lockTimeoutMs} ms only.`,
    { hint: 'Rehearse again later, or with rehearse_on: "copy", which takes no lock here.' },
    cause,
  );
}

function tookTooLong({ limits }: RunContext, cause: DatabaseError): EngineError {
  return new EngineError(
    "rehearsal_limit",
    `The statement took longer than the ${limits.statementTimeoutMs} ms that a rehearsal gives it, under its locks. Nothing is known of it but that.`,
    {},
    cause,
  );
}
