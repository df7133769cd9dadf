import { recoverChanges } from "../execute/recover-changes.ts";
import { recoverByRequests, runBatchChange } from "../execute/run-batch-change.ts";
import { runHistoryChange } from "../execute/run-history-change.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import type { CallContext } from "../requests.ts";
import { newRunId, observeBoth, openTarget, type EngineContext } from "./context.ts";
import { openBatchRun } from "./open-batch-run.ts";
import { openRun, runContext } from "./open-run.ts";
import type { Project } from "./read-project.ts";

/** Changes files and history as planned, together or not at all; answers the run's id. Throws as `runHistoryChange`. */
export async function carryOutChange(
  engine: EngineContext,
  call: CallContext,
  { project, plan }: { readonly project: Project; readonly plan: HistoryChangePlan },
): Promise<string> {
  const { database, folder } = project;
  const foreignTable = plan.purpose === "reconcile" ? "set_aside" : "refuse";
  if (database.transport === "batch") {
    const context = await openBatchRun(engine, call, { database, foreignTable });
    await runBatchChange({ ...context, folder }, plan);
    return context.runId;
  }
  const context = await openRun(engine, call, { database, foreignTable });
  await runHistoryChange({ ...context, folder }, plan);
  return context.runId;
}

/**
 * Finishes or undoes a change of files and history that was cut off, before anything else is written; answers what to tell the caller.
 * Opens no database where nothing was cut off. Throws `change_unfinished`, and what keeps the database from being asked.
 */
export async function settleUnfinishedChanges(
  engine: EngineContext,
  call: CallContext,
): Promise<readonly string[]> {
  const folder = await engine.openFolder();
  if ((await folder.unfinishedChanges()).length === 0) return [];
  const database = await openTarget(engine, call);
  const recovered =
    database.transport === "batch"
      ? await recoverByRequests({ database, folder, clock: engine.clock, observe: observeBoth(engine, call) })
      : await recoverChanges({ ...runContext(engine, call, { database, runId: newRunId() }), folder });
  return recovered.map(({ outcome }) =>
    outcome === "finished"
      ? "An earlier change of files and history had been cut off after its commit; it is finished now."
      : "An earlier change of files and history had been cut off; it is undone now.",
  );
}
