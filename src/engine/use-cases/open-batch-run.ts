import { ensureBatchHistory, readOwnRole } from "../execute/ensure-batch-history.ts";
import type { HistorySetup } from "../execute/ensure-history.ts";
import type { BatchContext } from "../execute/run-batch-plan.ts";
import { readOwnMigrations } from "../history/own-migrations.ts";
import type { BatchDatabase } from "../ports.ts";
import type { CallContext } from "../requests.ts";
import { newRunId, observeBoth, type EngineContext } from "./context.ts";
import { isHostedShape } from "./open-run.ts";

/** Makes the history tables where they are missing, and answers what running by requests needs. Throws `history_shape`, `permission_denied`. */
export async function openBatchRun(
  engine: EngineContext,
  call: CallContext,
  {
    database,
    foreignTable = "refuse",
  }: { readonly database: BatchDatabase } & Partial<Pick<HistorySetup, "foreignTable">>,
): Promise<BatchContext> {
  const { clock, limits } = engine;
  const observe = observeBoth(engine, call);
  const lockWait = {
    clock,
    observe,
    random: Math.random,
    lockWaitMs: limits.lockWaitMs,
    signal: call.signal,
    // A request cannot look at others while it waits.
    describeBlockers: async () => [],
  };
  const runId = newRunId();
  const ownMigrations = await readOwnMigrations();
  const shapes = await ensureBatchHistory({
    database,
    observe,
    lockWait,
    ownMigrations,
    runId,
    foreignTable,
  });
  return {
    ...{ database, clock, observe, limits, lockWait, runId },
    appliedBy: call.appliedBy ?? "godwit",
    isHostedShape: isHostedShape(shapes),
    role: await readOwnRole(database),
  };
}
