import { sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import { failRun, insertRun, noteProgress, resumeRun } from "../history/queries.ts";
import { serializeResults } from "../history/record.ts";
import type { RunRecord, StatementResult } from "../model/history.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import { dropInvalidIndex, refuseInvalidIndex, wasCarriedOut } from "./interrupted-statement.ts";
import { releaseHistoryLock, takeHistoryLock, withLockRetries } from "./lock.ts";
import type { RunContext } from "./run-context.ts";
import {
  commitAndResolve,
  enterHistory,
  finishRecords,
  leaveMigrationState,
  runStatements,
  type MigrationRun,
} from "./run-migration.ts";
import { runStatement, StatementFailure } from "./run-statement.ts";
import { beginTransaction, rollback, type OpenTransaction } from "./transaction.ts";

/** A run under way: its row, and what its statements did so far. */
interface Progress {
  readonly rowId: number;
  readonly results: StatementResult[];
}

/**
 * Applies a migration that holds statements which cannot run in a transaction: one step after the other, each recorded
 * before the next begins, so that an interrupted run goes on where it stopped. The history's lock is held from end to end.
 * Throws like `runInOneTransaction`; what was done until then stays recorded as unfinished.
 */
export async function runStepwise(
  context: RunContext,
  migration: PlannedMigration,
  known: ReadonlySet<string>,
  unfinished: RunRecord | undefined,
): Promise<MigrationRun> {
  await takeHistoryLock(context.session, context.lockWait, "session");
  try {
    const begun = await beginRun(context, migration, known, unfinished);
    if ("kind" in begun) return begun;
    return await runSteps(context, migration, begun);
  } finally {
    await releaseHistoryLock(context.session).catch(() => context.session.discard());
  }
}

async function beginRun(
  context: RunContext,
  migration: PlannedMigration,
  known: ReadonlySet<string>,
  unfinished: RunRecord | undefined,
): Promise<Progress | MigrationRun> {
  const begun = await inOwnTransaction(context, migration, async (): Promise<Progress | MigrationRun> => {
    const race = await enterHistory(context, migration, known);
    if (race !== undefined) return race;
    const { version, name, checksum } = migration;
    const { runId, appliedBy } = context;
    if (unfinished !== undefined) {
      await context.session.run(resumeRun({ id: unfinished.id, runId, checksum, appliedBy }));
      return { rowId: unfinished.id, results: [...unfinished.statementResults] };
    }
    const rollbackSql = migration.rollbackSql ?? null;
    const { rows } = await context.session.run(
      insertRun({ kind: "migration", version, name, checksum, runId, appliedBy, rollbackSql }),
    );
    return { rowId: Number(rows[0]?.["id"]), results: [] };
  });
  return begun;
}

async function runSteps(
  context: RunContext,
  migration: PlannedMigration,
  progress: Progress,
): Promise<MigrationRun> {
  try {
    for (const step of migration.steps.slice(migration.stepsDone)) {
      if (step.kind === "transaction")
        await runTransactionStep(context, migration, progress, step.statements);
      else await runAlone(context, progress, step.statement);
    }
    return await inOwnTransaction(context, migration, async () => {
      await finishRecords(context, migration, progress.rowId, progress.results);
      return { kind: "applied", results: progress.results } as const;
    });
  } catch (error) {
    await noteFailure(context, progress, error);
    throw error;
  }
}

function runTransactionStep(
  context: RunContext,
  migration: PlannedMigration,
  progress: Progress,
  statements: readonly PlannedStatement[],
): Promise<void> {
  return inOwnTransaction(context, migration, async (transaction) => {
    const results = await runStatements(context, transaction, statements);
    await leaveMigrationState(context);
    const all = [...progress.results, ...results];
    await context.session.run(noteProgress(progress.rowId, serializeResults(all)));
    return results;
  }).then((results) => void progress.results.push(...results));
}

/** Runs a statement by itself: says so before, runs it, says what it did. */
async function runAlone(context: RunContext, progress: Progress, statement: PlannedStatement): Promise<void> {
  const interrupted = progress.results.at(-1);
  const wasRunning = interrupted?.state === "running" && interrupted.index === statement.index;
  if (wasRunning) progress.results.pop();
  const settled = wasRunning ? await wasCarriedOut(context.session, statement) : undefined;
  if (wasRunning && settled === undefined) await dropInvalidIndex(context.session, statement);
  progress.results.push(settled ?? (await runUnsettled(context, progress, statement)));
  await context.session.run(noteProgress(progress.rowId, serializeResults(progress.results)));
}

async function runUnsettled(
  context: RunContext,
  progress: Progress,
  statement: PlannedStatement,
): Promise<StatementResult> {
  const { fingerprint, index, command } = statement;
  const running: StatementResult = {
    index,
    state: "running",
    fingerprint,
    command,
    rowsAffected: 0,
    durationMs: 0,
  };
  await refuseInvalidIndex(context.session, statement);
  await context.session.run(noteProgress(progress.rowId, serializeResults([...progress.results, running])));
  const pid = await setSessionLimits(context);
  try {
    return await withLockRetries(context.lockWait, () => runStatement(context, pid, statement));
  } catch (error) {
    await dropInvalidIndex(context.session, statement).catch(() => undefined);
    throw error;
  } finally {
    await context.session.run(sql`reset all`).catch(() => context.session.discard());
  }
}

/** Outside a transaction the limits are the session's; a build may wait as long as all lock attempts together. */
async function setSessionLimits(context: RunContext): Promise<number> {
  await context.session.run(sql`reset all`);
  if (context.database.target.engine === "pglite") return 0;
  const { rows } = await context.session.run(sql`
    select
      set_config('lock_timeout', ${String(context.lockWait.lockWaitMs)}, false),
      set_config('statement_timeout', ${String(context.limits.statementTimeoutMs)}, false),
      pg_backend_pid() as pid`);
  return Number(rows[0]?.["pid"]);
}

/** Marks the run as failed where the connection still allows; where not, the row stays pending and the next run goes on from it. */
async function noteFailure(context: RunContext, progress: Progress, error: unknown): Promise<void> {
  const cause = error instanceof StatementFailure ? error.cause : error;
  if (cause instanceof DatabaseError && cause.connectionLost) return;
  const message = error instanceof Error ? error.message : String(error);
  await context.session.run(failRun(progress.rowId, message)).catch(() => undefined);
}

function inOwnTransaction<T>(
  context: RunContext,
  migration: PlannedMigration,
  body: (transaction: OpenTransaction) => Promise<T>,
): Promise<T> {
  return withLockRetries(context.lockWait, async () => {
    const transaction = await beginTransaction(
      context.session,
      context.limits,
      context.database.target.engine,
    );
    try {
      const value = await body(transaction);
      await commitAndResolve(context, transaction, migration);
      return value;
    } catch (error) {
      await rollback(context.session);
      throw error;
    }
  });
}
