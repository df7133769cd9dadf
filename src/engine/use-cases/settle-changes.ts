import { needSession } from "../database/transport.ts";
import { recoverChanges } from "../execute/recover-changes.ts";
import { runHistoryChange } from "../execute/run-history-change.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import type { Database } from "../ports.ts";
import type { CallContext } from "../requests.ts";
import { newRunId, openTarget, type EngineContext } from "./context.ts";
import { openRun, runContext } from "./open-run.ts";
import type { Project } from "./read-project.ts";

/** Changes files and history as planned, together or not at all; answers the run's id. Throws as `runHistoryChange`. */
export async function carryOutChange(
  engine: EngineContext,
  call: CallContext,
  { project, plan }: { readonly project: Project; readonly plan: HistoryChangePlan },
): Promise<string> {
  const database = needSession(project.database, "Changing files and history together");
  const context = await openRun(engine, call, {
    database,
    foreignTable: plan.purpose === "reconcile" ? "set_aside" : "refuse",
  });
  await runHistoryChange({ ...context, folder: project.folder }, plan);
  return context.runId;
}

/** Said with a plan that could not be carried out on this target: whoever reads it is not sent into an error. */
export function warnOfRequests({ transport, target }: Database): readonly string[] {
  if (transport === "session") return [];
  return [
    `This plan can be read but not carried out here: ${target.label} is reached by single requests, and files and history change together in one session. Start Godwit with --database-url (the direct address or the session pooler), then call again.`,
  ];
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
  const database = needSession(
    await openTarget(engine, call),
    "Finishing a change of files and history that was cut off",
  );
  const recovered = await recoverChanges({
    ...runContext(engine, call, { database, runId: newRunId() }),
    folder,
  });
  return recovered.map(({ outcome }) =>
    outcome === "finished"
      ? "An earlier change of files and history had been cut off after its commit; it is finished now."
      : "An earlier change of files and history had been cut off; it is undone now.",
  );
}
