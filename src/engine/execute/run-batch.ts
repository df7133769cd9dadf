import { sql } from "../database/sql.ts";
import { mergeRows, startRowMeter, sumRows } from "../effects/row-counters.ts";
import { EngineError } from "../errors.ts";
import { noteBatch } from "../history/phase-queries.ts";
import { completeRun } from "../history/queries.ts";
import { serializeResults } from "../history/record.ts";
import type { TableRows } from "../model/effects.ts";
import type { BatchStatement, PhaseProgress, PlannedPhase, RecordedPhase } from "../model/phase.ts";
import type { PlannedStatement } from "../model/plan.ts";
import { statementLimitMs } from "../plan/batch-size.ts";
import { readNextRange, type BatchRange, type KeyColumn } from "./batch-range.ts";
import { holdPhase } from "./begin-phase.ts";
import { cancellable } from "./cancellable.ts";
import type { RunContext } from "./run-context.ts";
import { StatementFailure } from "./run-statement.ts";
import { beginTransaction, rollback, type OpenTransaction } from "./transaction.ts";

/** What running the batches of one phase needs. */
export interface BatchRun {
  readonly context: RunContext;
  readonly planned: PlannedPhase;
  readonly batch: BatchStatement;
  readonly column: KeyColumn;
  readonly phaseId: number;
  /** Commits; throws where it is certain or unknown that nothing was kept. */
  readonly commit: (transaction: OpenTransaction) => Promise<void>;
}

/** How far the phase is after one batch; `isDone` where there was nothing left. */
export interface BatchEnd {
  readonly progress: PhaseProgress;
  readonly rowsAffected: number;
  readonly durationMs: number;
  readonly isDone: boolean;
}

/**
 * Does the next batch and moves the mark in one transaction, whose locks end within the budget: the statement is cancelled before.
 * Throws `StatementFailure`, `DatabaseError`, `cancelled`; nothing of the batch is kept then.
 */
export async function runBatch(run: BatchRun, size: number): Promise<BatchEnd> {
  const { context, batch } = run;
  const { session, clock, database } = context;
  const limits = {
    lockTimeoutMs: Math.min(context.limits.lockTimeoutMs, statementLimitMs(batch.batching.budgetMs)),
    statementTimeoutMs: statementLimitMs(batch.batching.budgetMs),
  };
  const startedMs = clock.monotonicMs();
  const transaction = await beginTransaction(session, limits, database.target.engine);
  try {
    const phase = await holdPhase(session, run.phaseId);
    const end = await workOn(run, phase, size, startedMs);
    await run.commit(transaction);
    return { ...end, durationMs: Math.round(clock.monotonicMs() - startedMs) };
  } catch (error) {
    await rollback(session);
    throw error;
  }
}

async function workOn(
  run: BatchRun,
  phase: RecordedPhase,
  size: number,
  startedMs: number,
): Promise<Omit<BatchEnd, "durationMs">> {
  const { session, clock } = run.context;
  const progress = phase.progress;
  if (progress === undefined) throw new Error("a phase that was begun in batches has its progress");
  const before = { progress, rowsAffected: phase.rowsAffected ?? 0 };
  // Another runner may have done it all while this one waited for the row.
  if (phase.status === "completed") return { ...before, isDone: true };
  const range = await readNextRange(session, run.column, progress, size);
  if (range === undefined) {
    await session.run(completion(run.planned, phase.id, before));
    return { ...before, isDone: true };
  }
  const { tables, rowsAffected } = await changeRows(run, range);
  const moved: PhaseProgress = {
    ...progress,
    mark: range.to,
    batches: progress.batches + 1,
    rowsDone: progress.rowsDone + range.rows,
    batchSize: size,
    durationMs: progress.durationMs + Math.round(clock.monotonicMs() - startedMs),
    tables: mergeRows([...progress.tables, ...tables]),
  };
  const total = before.rowsAffected + rowsAffected;
  await session.run(noteBatch(phase.id, moved, total));
  return { progress: moved, rowsAffected: total, isDone: false };
}

interface Changed {
  readonly tables: readonly TableRows[];
  readonly rowsAffected: number;
}

/** Runs the statement on one range of keys, with the checks that it defers. */
export async function changeRows(
  { context, planned, batch }: Pick<BatchRun, "context" | "planned" | "batch">,
  range: BatchRange,
): Promise<Changed> {
  const { session, signal } = context;
  const statement = statementOf(planned);
  const meter = await startRowMeter(session);
  try {
    const query = { text: batch.text, values: [range.from, range.to] };
    const result = await cancellable(session, signal, () => session.run(query));
    await cancellable(session, signal, () => session.run(sql`set constraints all immediate`));
    const tables = (await meter?.()) ?? [];
    return { tables, rowsAffected: meter === undefined ? result.rowsAffected : sumRows(tables) };
  } catch (error) {
    throw error instanceof EngineError ? error : new StatementFailure(statement, error);
  }
}

/** The statement that runs once a batch. */
export function statementOf(planned: PlannedPhase): PlannedStatement {
  const statement = planned.migration.statements.find(({ isExecutable }) => isExecutable);
  if (statement === undefined) throw new Error("a phase in batches is one statement");
  return statement;
}

function completion(
  planned: PlannedPhase,
  id: number,
  { progress, rowsAffected }: { readonly progress: PhaseProgress; readonly rowsAffected: number },
): Parameters<RunContext["session"]["run"]>[0] {
  const { index, fingerprint, command } = statementOf(planned);
  const { durationMs, tables } = progress;
  const result = { index, state: "done" as const, fingerprint, command, rowsAffected, durationMs, tables };
  return completeRun({ id, rowsAffected, durationMs, statementResults: serializeResults([result]) });
}
