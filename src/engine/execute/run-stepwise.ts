import { sql, userStatement } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import { failRun, insertRun, noteProgress, resumeRun } from "../history/queries.ts";
import { serializeResults } from "../history/record.ts";
import type { StatementResult } from "../model/history.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import { dropInvalidIndex, refuseInvalidIndex, wasCarriedOut } from "./interrupted-statement.ts";
import { releaseHistoryLock, tryHistoryLock, withLockRetries } from "./lock.ts";
import type { RunContext } from "./run-context.ts";
import {
  changedTables,
  commitAndResolve,
  enterHistory,
  finishRecords,
  leaveMigrationState,
  lookWhileHeld,
  runStatements,
  withWayBack,
  type Expected,
  type MigrationRun,
} from "./run-migration.ts";
import { runStatement, StatementFailure } from "./run-statement.ts";
import { beginTransaction, leaveSettings, rollback, type OpenTransaction } from "./transaction.ts";
import { unproven, type BegunUndo } from "./undo-course.ts";

/** A run under way: its row, and what its statements did so far. */
interface Progress {
  readonly rowId: number;
  /** Absent where no way back is looked for. */
  readonly findUndo: BegunUndo | undefined;
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
  expected: Expected,
): Promise<MigrationRun> {
  const race = await withLockRetries(context.lockWait, async () => {
    const isOurs = await tryHistoryLock(context.session, "session");
    return isOurs ? undefined : lookWhileHeld(context, migration, expected);
  });
  if (race !== undefined) return race;
  try {
    const begun = await beginRun(context, migration, expected);
    if ("kind" in begun) return begun;
    return await runSteps(context, migration, begun);
  } finally {
    await releaseHistoryLock(context.session).catch(() => context.session.discard());
  }
}

function beginRun(
  context: RunContext,
  migration: PlannedMigration,
  expected: Expected,
): Promise<Progress | MigrationRun> {
  const { unfinished } = expected;
  return inOwnTransaction(context, migration, async (transaction): Promise<Progress | MigrationRun> => {
    const race = await enterHistory({ ...context, transaction }, migration, expected);
    if (race !== undefined) return race;
    const { version, name, checksum } = migration;
    const { runId, appliedBy } = context;
    if (unfinished !== undefined) {
      await context.session.run(resumeRun({ id: unfinished.id, runId, checksum, appliedBy }));
      const findUndo = async () =>
        unproven("an earlier run had begun the migration, and nobody knows the schema before it");
      return {
        rowId: unfinished.id,
        results: [...unfinished.statementResults],
        findUndo: context.undo && findUndo,
      };
    }
    const findUndo = await context.undo?.begin(context.session, migration);
    const rollbackSql = migration.rollbackSql ?? null;
    const { rows } = await context.session.run(
      insertRun({ kind: "migration", version, name, checksum, runId, appliedBy, rollbackSql }),
    );
    return { rowId: Number(rows[0]?.["id"]), results: [], findUndo };
  });
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
      else await runAlone(context, { migration, progress, statement: step.statement });
    }
    return await inOwnTransaction(context, migration, async () => {
      const { results } = progress;
      const rollback = await progress.findUndo?.(changedTables(results));
      await leaveMigrationState(context);
      await finishRecords(context, withWayBack(migration, rollback), { ...progress, rollback });
      return { kind: "applied", results, ...(rollback === undefined ? {} : { rollback }) } as const;
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
    await restoreSettings(context, migration, statements[0]);
    const results = await runStatements(context, transaction, { ...migration, statements });
    await leaveMigrationState(context);
    const all = [...progress.results, ...results];
    await context.session.run(noteProgress(progress.rowId, serializeResults(all)));
    return results;
  }).then((results) => void progress.results.push(...results));
}

/** Role and settings end with each step, so that our own rows are written as ourselves; here the file's come back. */
async function restoreSettings(
  context: RunContext,
  migration: PlannedMigration,
  next: PlannedStatement | undefined,
): Promise<void> {
  for (const statement of migration.statements) {
    if (statement.index >= (next?.index ?? 0)) return;
    if (statement.isExecutable && statement.setsSession)
      await context.session.run(userStatement(statement.text));
  }
}

interface AloneStep {
  readonly migration: PlannedMigration;
  readonly progress: Progress;
  readonly statement: PlannedStatement;
}

/** Runs a statement by itself: says so before, runs it, says what it did. */
async function runAlone(context: RunContext, step: AloneStep): Promise<void> {
  const { progress } = step;
  const wasRunning = progress.results.at(-1)?.state === "running";
  if (wasRunning) progress.results.pop();
  const settled = wasRunning ? await settleInterrupted(context, step) : undefined;
  progress.results.push(settled ?? (await runUnsettled(context, step)));
  await context.session.run(noteProgress(progress.rowId, serializeResults(progress.results)));
}

function settleInterrupted(context: RunContext, step: AloneStep): Promise<StatementResult | undefined> {
  return withFileSettings(context, step, async () => {
    const settled = await wasCarriedOut(context.session, step.statement);
    if (settled === undefined) await dropInvalidIndex(context.session, step.statement);
    return settled;
  });
}

async function runUnsettled(context: RunContext, step: AloneStep): Promise<StatementResult> {
  const { progress, statement } = step;
  const { session } = context;
  const { fingerprint, index, command } = statement;
  const counts = { rowsAffected: 0, durationMs: 0 };
  const running: StatementResult = { index, state: "running", fingerprint, command, ...counts };
  await withFileSettings(context, step, () => refuseInvalidIndex(session, statement));
  await session.run(noteProgress(progress.rowId, serializeResults([...progress.results, running])));
  return withLockRetries(context.lockWait, () =>
    withFileSettings(context, step, async (pid) => {
      try {
        return await runStatement(context, pid, statement);
      } catch (error) {
        await dropInvalidIndex(session, statement).catch(() => undefined);
        throw error;
      }
    }),
  );
}

/** Runs outside a transaction with the limits, and with the role and settings that the file has set so far. */
async function withFileSettings<T>(
  context: RunContext,
  { migration, statement }: AloneStep,
  run: (pid: number) => Promise<T>,
): Promise<T> {
  const { session, database } = context;
  try {
    const pid = await setSessionLimits(context, statement);
    await restoreSettings(context, migration, statement);
    return await run(pid);
  } finally {
    await leaveSettings(session, database.target.engine).catch(() => session.discard());
  }
}

/** Outside a transaction the limits are the session's. What stalls nobody may wait as long as all lock attempts together. */
async function setSessionLimits(context: RunContext, statement: PlannedStatement): Promise<number> {
  const { session, limits, lockWait, database } = context;
  await session.run(sql`reset all`);
  if (database.target.engine === "pglite") return 0;
  const lockTimeoutMs = statement.waitsAside ? lockWait.lockWaitMs : limits.lockTimeoutMs;
  const { rows } = await session.run(sql`
    select
      set_config('lock_timeout', ${String(lockTimeoutMs)}, false),
      set_config('statement_timeout', ${String(limits.statementTimeoutMs)}, false),
      set_config('standard_conforming_strings', 'on', false),
      pg_backend_pid() as pid`);
  return Number(rows[0]?.["pid"]);
}

/** Marks the run as failed where the connection still allows; where not, the row stays pending and the next run goes on from it. */
async function noteFailure(context: RunContext, progress: Progress, error: unknown): Promise<void> {
  const cause = error instanceof StatementFailure ? error.cause : error;
  if (cause instanceof DatabaseError && cause.connectionLost) return;
  const message = error instanceof Error ? error.message : String(error);
  const results = serializeResults(progress.results);
  await context.session.run(failRun(progress.rowId, message, results)).catch(() => undefined);
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
