import { readCatalog } from "../catalog/read-catalog.ts";
import { rowsAffectedBy } from "../effects/row-counters.ts";
import { EngineError } from "../errors.ts";
import { rowChangeQueries } from "../history/change-queries.ts";
import { lockEntryTable } from "../history/queries.ts";
import { readHistory } from "../history/read-history.ts";
import { serializeResults } from "../history/record.ts";
import { insertRollbackRun } from "../history/rollback-queries.ts";
import type { Catalog } from "../model/catalog.ts";
import type { StatementResult } from "../model/history.ts";
import type { PlannedMigration } from "../model/plan.ts";
import { digestHistory } from "../plan/plan-id.ts";
import { findUnrestored, type UndoableWay } from "../plan/rollback/assert-undoable.ts";
import { HistoryIsHeld, tryHistoryLock, withLockRetries } from "./lock.ts";
import type { RunContext } from "./run-context.ts";
import { commitAndResolve, leaveMigrationState, runStatements, statementsOf } from "./run-migration.ts";
import { beginTransaction, rollback, type OpenTransaction } from "./transaction.ts";

/** One migration to undo, with what undoes it as planned statements. */
export interface UndoStep {
  readonly way: UndoableWay;
  readonly undo: PlannedMigration;
}

export interface RollbackPlan {
  readonly id: string;
  /** Newest first. */
  readonly steps: readonly UndoStep[];
  /** `digestHistory` of the history as read when planning. */
  readonly expectsHistory: string;
  /** Throws where the schema, looked at under the lock, is not what the plan is for. */
  readonly assertFits: (now: Catalog) => void;
}

/**
 * Undoes migrations in one transaction under the history's lock: their statements, a look whether everything is as it was before
 * them, and the rows, of which those of the Supabase CLI's table go to the archive table. All or nothing.
 * Throws `plan_is_stale`, `no_way_back` where the schema would not be as before, what `assertFits` throws, `StatementFailure`.
 */
export function runRollback(
  context: RunContext,
  plan: RollbackPlan,
): Promise<readonly (readonly StatementResult[])[]> {
  const { session, limits, database, lockWait } = context;
  return withLockRetries(lockWait, async () => {
    const transaction = await beginTransaction(session, limits, database.target.engine);
    try {
      if (!(await tryHistoryLock(session, "transaction"))) throw new HistoryIsHeld();
      await context.blockers.watch(transaction.pid, () => session.run(lockEntryTable));
      await assertFresh(context, plan);
      const results = await undoAll(context, transaction, plan);
      const [first] = plan.steps;
      if (first !== undefined) await commitAndResolve(context, transaction, first.way);
      return results;
    } catch (error) {
      await rollback(session);
      throw error;
    }
  });
}

async function assertFresh({ session }: RunContext, plan: RollbackPlan): Promise<void> {
  if (digestHistory(await readHistory(session)) !== plan.expectsHistory) {
    throw new EngineError(
      "plan_is_stale",
      "Another session changed the history meanwhile. Nothing was changed.",
      {
        hint: "Call rollback_migration again to plan anew.",
      },
    );
  }
  plan.assertFits(await readCatalog(session));
}

async function undoAll(
  context: RunContext,
  transaction: OpenTransaction,
  plan: RollbackPlan,
): Promise<readonly (readonly StatementResult[])[]> {
  const { session } = context;
  const all: (readonly StatementResult[])[] = [];
  for (const { undo } of plan.steps) {
    all.push(await runStatements(context, transaction, { ...undo, statements: statementsOf(undo) }));
    await leaveMigrationState(context);
  }
  assertRestored(plan, await readCatalog(session));
  for (const [index, { way }] of plan.steps.entries())
    await record(context, plan, { way, results: all[index] ?? [] });
  return all;
}

function assertRestored({ steps }: RollbackPlan, end: Catalog): void {
  const left = findUnrestored(
    steps.map(({ way }) => way),
    end,
  );
  if (left.length === 0) return;
  throw new EngineError(
    "no_way_back",
    `Undone, ${left.length} ${left.length === 1 ? "object" : "objects"} would not be as before the migration, so nothing was undone.`,
  );
}

interface Undone {
  readonly way: UndoableWay;
  readonly results: readonly StatementResult[];
}

async function record(context: RunContext, plan: RollbackPlan, { way, results }: Undone): Promise<void> {
  const { session, runId, appliedBy, isHostedShape } = context;
  const { version, name, checksum } = way;
  await session.run(
    insertRollbackRun({
      version,
      name,
      checksum,
      runId,
      appliedBy,
      rowsAffected: rowsAffectedBy(results),
      durationMs: results.reduce((total, { durationMs }) => total + durationMs, 0),
      statementResults: serializeResults(results),
    }),
  );
  const removal = {
    kind: "remove",
    version,
    reason: `rolled back; it was applied at ${way.appliedAt}`,
  } as const;
  for (const query of rowChangeQueries(removal, { runId, planId: plan.id, appliedBy, isHostedShape }))
    await session.run(query);
}
