import { DatabaseError, EngineError } from "../errors.ts";
import { failPhase } from "../history/phase-queries.ts";
import type { TableRows } from "../model/effects.ts";
import type { BatchStatement, PhaseProgress, PlannedPhase, RecordedPhase } from "../model/phase.ts";
import type { Rollback } from "../model/rollback.ts";
import { nextBatchSize, smallerBatch } from "../plan/batch-size.ts";
import { commitOrFindOut } from "./commit-or-find-out.ts";
import { hasLateRows, readKeyColumn, type KeyColumn } from "./batch-range.ts";
import { beginPhase } from "./begin-phase.ts";
import { withLockRetries } from "./lock.ts";
import { releasePhaseLock, tryPhaseLock } from "./phase-lock.ts";
import { runBatch, type BatchEnd, type BatchRun } from "./run-batch.ts";
import type { RunContext } from "./run-context.ts";
import { StatementFailure } from "./run-statement.ts";
import { leaveSettings, type OpenTransaction } from "./transaction.ts";

/** How a call that runs a phase ended. What was committed stays committed, whichever it is. */
export type PhaseEnd =
  | { readonly kind: "completed"; readonly done: PhaseDone; readonly hasLateRows: boolean }
  /** The time was up; the next call goes on. */
  | { readonly kind: "in_progress"; readonly done: PhaseDone }
  | { readonly kind: "already_completed" }
  | { readonly kind: "running_elsewhere" }
  | { readonly kind: "failed"; readonly error: unknown; readonly done: PhaseDone | undefined };

export interface PhaseDone {
  readonly progress: PhaseProgress | undefined;
  readonly rowsAffected: number;
  readonly tables: readonly TableRows[];
  /** What trying the file's rollback block has shown; absent where nobody tried. */
  readonly wayBack?: Rollback;
}

export interface BatchesOrder {
  readonly planned: PlannedPhase;
  readonly batch: BatchStatement;
  /** On the clock of the context; no batch is begun when it would likely end later. */
  readonly deadlineMs: number;
}

/** A runner that was killed leaves its lock within a second or two: its server notices. */
const lockPatienceMs = 5_000;
const lockPauseMs = 250;

/** How often a lost connection is made anew within one call. */
const mostReconnects = 5;

type Shared = Omit<RunContext, "session">;

/**
 * Runs a phase batch by batch, each with its mark in one transaction, until it is done or the time is up. One runner works on a
 * phase at a time, held apart by a lock of the session. A lost connection is made anew: the mark says which batch was kept.
 */
export async function runBatches(shared: Shared, order: BatchesOrder): Promise<PhaseEnd> {
  for (let lost = 0; ; lost += 1) {
    try {
      return await shared.database.withSession((session) => runHolding({ ...shared, session }, order));
    } catch (error) {
      const isLost = error instanceof DatabaseError && error.connectionLost;
      if (!isLost || lost >= mostReconnects) throw error;
      await shared.clock.sleep(lockPauseMs * 2 ** lost, shared.signal);
    }
  }
}

async function runHolding(context: RunContext, order: BatchesOrder): Promise<PhaseEnd> {
  const { session, database } = context;
  const { number } = order.planned.source;
  if (!(await waitForLock(context, number))) return { kind: "running_elsewhere" };
  try {
    return await runAsHolder(context, order);
  } finally {
    // A statement that was cancelled, or a lost connection, leaves a session that nobody may use.
    if (context.signal?.aborted === true) session.discard();
    await leaveSettings(session, database.target.engine)
      .then(() => releasePhaseLock(session, number))
      .catch(() => session.discard());
  }
}

async function waitForLock({ session, clock, signal }: RunContext, number: string): Promise<boolean> {
  const startedMs = clock.monotonicMs();
  for (;;) {
    if (await tryPhaseLock(session, number, "session")) return true;
    if (clock.monotonicMs() - startedMs > lockPatienceMs) return false;
    await clock.sleep(lockPauseMs, signal);
  }
}

async function runAsHolder(context: RunContext, order: BatchesOrder): Promise<PhaseEnd> {
  const { planned, batch } = order;
  const column = await readKeyColumn(context.session, batch.batching.key);
  const phase = await beginPhase(context, planned, freshProgress(column, batch));
  if (typeof phase === "string") return { kind: phase };
  const run: BatchRun = {
    context,
    planned,
    batch,
    column,
    phaseId: phase.id,
    commit: (transaction) => commitBatch(context, transaction),
  };
  context.observe({ kind: "phase_started", phase: planned.source.number });
  return runUntilDeadline(run, phase, order.deadlineMs);
}

/** What a phase begins with: its end is fixed, so that it comes to one however many rows are added meanwhile. */
export function freshProgress(column: KeyColumn, { batching }: BatchStatement): PhaseProgress {
  return {
    key: `${column.key.schema}.${column.key.table}.${column.key.column}`,
    end: column.end,
    mark: null,
    batches: 0,
    rowsDone: 0,
    rowsTotal: column.rows,
    batchSize: batching.batchSize,
    durationMs: 0,
    tables: [],
  };
}

async function runUntilDeadline(run: BatchRun, phase: RecordedPhase, deadlineMs: number): Promise<PhaseEnd> {
  const { context, batch } = run;
  const { clock, signal } = context;
  const { batchSize: largest, pauseMs, budgetMs } = batch.batching;
  let done = toDone(phase.progress, phase.rowsAffected ?? 0);
  let size = Math.min(largest, phase.progress?.batchSize ?? largest);
  let lastMs = 0;
  for (;;) {
    if (clock.monotonicMs() + lastMs > deadlineMs) return { kind: "in_progress", done };
    const end = await tryBatch(run, size, done);
    if (end === "too_slow") {
      size = smallerBatch(size);
      continue;
    }
    if ("kind" in end) return end;
    const { progress, rowsAffected, durationMs } = end;
    done = toDone(progress, rowsAffected);
    if (end.isDone)
      return {
        kind: "completed",
        done,
        hasLateRows: await hasLateRows(context.session, run.column, progress.end),
      };
    tellBatch(run, end);
    lastMs = durationMs + pauseMs;
    size = nextBatchSize({ size, durationMs, budgetMs, largest });
    await clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}

function toDone(progress: PhaseProgress | undefined, rowsAffected: number): PhaseDone {
  return { progress, rowsAffected, tables: progress?.tables ?? [] };
}

/** One batch, tried again while another session is in the way. */
async function tryBatch(
  run: BatchRun,
  size: number,
  done: PhaseDone,
): Promise<BatchEnd | PhaseEnd | "too_slow"> {
  const { context } = run;
  try {
    if (context.signal?.aborted === true)
      throw new EngineError("cancelled", "The call was cancelled between two batches.");
    return await withLockRetries(context.lockWait, () => runBatch(run, size));
  } catch (error) {
    const cause = error instanceof StatementFailure ? error.cause : error;
    if (cause instanceof DatabaseError && cause.connectionLost) throw cause;
    if (error instanceof EngineError && ["cancelled", "outcome_unknown"].includes(error.code))
      return { kind: "failed", error, done };
    if (isOverBudget(context, cause) && size > 1) return "too_slow";
    await context.session.run(failPhase(run.phaseId, messageOf(error))).catch(() => undefined);
    return { kind: "failed", error, done };
  }
}

/** 57014 is also what a cancel says; then the caller's signal is aborted. */
function isOverBudget({ signal }: RunContext, cause: unknown): boolean {
  return cause instanceof DatabaseError && cause.fields.sqlstate === "57014" && signal?.aborted !== true;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function tellBatch({ context, planned }: BatchRun, { progress, durationMs }: BatchEnd): void {
  context.observe({
    kind: "batch_finished",
    phase: planned.source.number,
    batch: progress.batches,
    rowsDone: progress.rowsDone,
    rowsTotal: progress.rowsTotal,
    durationMs,
  });
}

/** A COMMIT whose answer is lost is settled before anybody goes on: the mark is read again then, on another connection. */
async function commitBatch(context: RunContext, transaction: OpenTransaction): Promise<void> {
  const hint =
    "Call run_phase again when the database answers: it goes on behind the last batch that was kept.";
  const loss = await commitOrFindOut(context, { transaction, what: "a batch", hint });
  if (loss !== undefined) throw loss;
}
