import { rowsAffectedBy } from "../effects/row-counters.ts";
import { EngineError } from "../errors.ts";
import { failPhase } from "../history/phase-queries.ts";
import { completeRun } from "../history/queries.ts";
import { noteRollback } from "../history/rollback-queries.ts";
import { serializeResults } from "../history/record.ts";
import { readPhase } from "../history/read-phases.ts";
import type { StatementResult } from "../model/history.ts";
import type { PlannedPhase } from "../model/phase.ts";
import type { Rollback } from "../model/rollback.ts";
import type { Session } from "../ports.ts";
import { commitOrFindOut } from "./commit-or-find-out.ts";
import { beginPhase, holdPhase } from "./begin-phase.ts";
import { withLockRetries } from "./lock.ts";
import { tryPhaseLock } from "./phase-lock.ts";
import type { RunContext } from "./run-context.ts";
import { changedTables, leaveMigrationState, runStatements } from "./run-migration.ts";
import { beginTransaction, rollback } from "./transaction.ts";
import type { BegunUndo } from "./undo-course.ts";

/** How a phase that is one transaction ended; anything but `completed` changed nothing. */
export type TransactionEnd =
  | {
      readonly kind: "completed";
      readonly results: readonly StatementResult[];
      /** What trying the file's rollback block has shown. */
      readonly wayBack: Rollback | undefined;
    }
  | { readonly kind: "already_completed" }
  | { readonly kind: "running_elsewhere" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Runs a phase in one transaction with its record; its row says before that it runs, and afterwards how it ended. */
export async function runPhaseTransaction(
  context: RunContext,
  planned: PlannedPhase,
): Promise<TransactionEnd> {
  const phase = await beginPhase(context, planned, undefined);
  if (typeof phase === "string") return { kind: phase };
  context.observe({ kind: "phase_started", phase: planned.source.number });
  try {
    return await withLockRetries(context.lockWait, () => attempt(context, planned, phase.id));
  } catch (error) {
    await noteFailure(context, phase.id, error);
    return { kind: "failed", error };
  }
}

async function attempt(context: RunContext, planned: PlannedPhase, id: number): Promise<TransactionEnd> {
  const { session, limits, database } = context;
  const transaction = await beginTransaction(session, limits, database.target.engine);
  try {
    const race = await enter(session, planned, id);
    if (race !== undefined) {
      await rollback(session);
      return race;
    }
    const findWayBack = await beginPhaseUndo(context, planned);
    const results = await runStatements(context, transaction, planned.migration);
    const wayBack = await findWayBack?.(changedTables(results));
    await context.gate?.(session);
    await leaveMigrationState(context);
    await session.run(
      completeRun({
        id,
        rowsAffected: rowsAffectedBy(results),
        durationMs: results.reduce((total, { durationMs }) => total + durationMs, 0),
        statementResults: serializeResults(results),
      }),
    );
    if (wayBack !== undefined) await session.run(noteRollback(id, wayBack));
    await commitOrFindOut(context, {
      transaction,
      what: "the phase",
      hint: "Call run_phase without arguments when the database answers: it tells whether the phase is completed.",
    });
    return { kind: "completed", results, wayBack };
  } catch (error) {
    await rollback(session);
    throw error;
  }
}

/** Looks at what a phase is about to change, where its file says how that is undone. */
export async function beginPhaseUndo(
  { session, undo }: RunContext,
  { migration }: PlannedPhase,
): Promise<BegunUndo | undefined> {
  return migration.rollbackSql === undefined ? undefined : undo?.begin(session, migration);
}

async function enter(
  session: Session,
  planned: PlannedPhase,
  id: number,
): Promise<TransactionEnd | undefined> {
  if (!(await tryPhaseLock(session, planned.source.number, "transaction"))) {
    const other = await readPhase(session, planned.source.number);
    return other?.status === "completed" ? { kind: "already_completed" } : { kind: "running_elsewhere" };
  }
  const phase = await holdPhase(session, id);
  return phase.status === "completed" ? { kind: "already_completed" } : undefined;
}

/** Noted on a connection of its own where the first is gone or was cancelled. */
async function noteFailure(
  { database, session, signal }: RunContext,
  id: number,
  error: unknown,
): Promise<void> {
  if (error instanceof EngineError && ["outcome_unknown", "cancelled"].includes(error.code)) return;
  const message = error instanceof Error ? error.message : String(error);
  if (signal?.aborted === true) return;
  const query = failPhase(id, message);
  await session.run(query).catch(async () => {
    if (database.target.engine === "postgres")
      await database.withSession((other) => other.run(query)).catch(() => undefined);
  });
}
