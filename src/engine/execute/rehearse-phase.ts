import { readCatalog } from "../catalog/read-catalog.ts";
import { rowsAffectedBy } from "../effects/row-counters.ts";
import { EngineError } from "../errors.ts";
import type { TableRows } from "../model/effects.ts";
import type { Rollback } from "../model/rollback.ts";
import type { PhaseProgress, PlannedPhase } from "../model/phase.ts";
import { readNextRange, type BatchRange, type KeyColumn } from "./batch-range.ts";
import { assertInside } from "./refuse-survivors.ts";
import { changeRows } from "./run-batch.ts";
import type { RunContext } from "./run-context.ts";
import { changedTables, runStatements } from "./run-migration.ts";
import { beginPhaseUndo } from "./run-phase-transaction.ts";
import { beginTransaction, rollback } from "./transaction.ts";

/** What a phase, or its next batch, did before it was rolled back. */
export interface PhaseRehearsal {
  readonly tables: readonly TableRows[];
  readonly rowsAffected: number;
  readonly durationMs: number;
  /** The batch that ran; undefined for a phase that is one transaction, and where no row is left. */
  readonly range: BatchRange | undefined;
  /** What failed, where something did. */
  readonly error: unknown;
  /** What trying the file's rollback block has shown; absent where nobody tried. */
  readonly wayBack?: Rollback;
}

/** Where the batches of a phase stand before the next one. */
export interface NextBatch {
  readonly column: KeyColumn;
  readonly progress: PhaseProgress;
}

/**
 * Runs a phase, or its next batch, in a transaction that is rolled back, within the context's limits. Throws `survives_rollback`
 * before anything runs where a rollback would not take all of it back.
 */
export async function rehearsePhase(
  context: RunContext,
  planned: PlannedPhase,
  next: NextBatch | undefined,
): Promise<PhaseRehearsal> {
  const { session, clock, limits, database } = context;
  const nothing = { tables: [], rowsAffected: 0, range: undefined };
  const startedMs = clock.monotonicMs();
  const tookMs = () => Math.round(clock.monotonicMs() - startedMs);
  try {
    const transaction = await beginTransaction(session, limits, database.target.engine);
    await assertInside([planned.migration], await readCatalog(session));
    if (planned.batch !== undefined && next !== undefined) {
      const range = await readNextRange(session, next.column, next.progress, next.progress.batchSize);
      if (range === undefined) return { ...nothing, durationMs: tookMs(), error: undefined };
      const batchMs = clock.monotonicMs();
      const changed = await changeRows({ context, planned, batch: planned.batch }, range);
      const durationMs = Math.round(clock.monotonicMs() - batchMs);
      return { ...changed, range, durationMs, error: undefined };
    }
    const findWayBack = await beginPhaseUndo(context, planned);
    const results = await runStatements(context, transaction, planned.migration);
    const wayBack = await findWayBack?.(changedTables(results));
    await context.gate?.(session);
    const tables = results.flatMap((result) => result.tables ?? []);
    return {
      ...nothing,
      tables,
      rowsAffected: rowsAffectedBy(results),
      durationMs: tookMs(),
      error: undefined,
      ...(wayBack === undefined ? {} : { wayBack }),
    };
  } catch (error) {
    if (error instanceof EngineError && error.code !== "spec_not_met") throw error;
    return { ...nothing, durationMs: tookMs(), error };
  } finally {
    await rollback(session);
  }
}
