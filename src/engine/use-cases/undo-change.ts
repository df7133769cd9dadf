import { readFrom } from "../database/transport.ts";
import { EngineError } from "../errors.ts";
import { readRun } from "../execute/recover-changes.ts";
import type { ReconcileHistoryReport } from "../model/reconcile-report.ts";
import { digestFiles } from "../plan/history-change-id.ts";
import { planIdOf } from "../plan/plan-id.ts";
import type { MigrationFolder, UnfinishedChange } from "../ports.ts";
import { describeUndoneChange } from "../report/describe-undone-change.ts";
import type { CallContext } from "../requests.ts";
import type { EngineContext } from "./context.ts";
import { judgeChange } from "./judge-change.ts";
import { readProject } from "./read-project.ts";

/** A change is at work for seconds; one begun this long ago has been cut off, in milliseconds. */
const surelyCutOffMs = 60_000;

interface UndoQuestion {
  readonly runId: string;
  readonly confirm: string | undefined;
}

/**
 * Plans how the files of a change that was cut off get back to their places without its database; confirmed, puts them there. No row is touched.
 * Undefined where the target knows the change, so that it can be finished or undone as ever. Throws `not_applicable`, `change_unfinished`.
 */
export async function undoChange(
  engine: EngineContext,
  { runId, confirm }: UndoQuestion,
  call: CallContext,
): Promise<ReconcileHistoryReport | undefined> {
  const project = await readProject(engine, call);
  const { database, folder, contents } = project;
  const change = await findChange(folder, runId);
  if ((await readFrom(database, (reader) => readRun(reader, runId))) !== undefined) return undefined;
  const target = database.target.id;
  const parts = { target, history: "", files: digestFiles(contents.files), schema: "" };
  const id = planIdOf(`undo_change ${runId} ${JSON.stringify(change)}`, parts);
  const plan = { id, target, expectsHistory: parts.history, expectsFiles: parts.files };
  const verdict = judgeChange(engine, { tool: "reconcile_history", plan, project, call, confirm });
  if (verdict === "go") {
    assertCutOff(change, engine.clock.now());
    await folder.undoChanges(runId);
  }
  return describeUndoneChange({
    status: verdict === "go" ? "carried_out" : verdict,
    target: database.target.label,
    folder: folder.label,
    planId: id,
    runId,
    change,
    isWhole: call.answerSize === "whole",
  });
}

async function findChange(folder: MigrationFolder, runId: string): Promise<UnfinishedChange> {
  const unfinished = await folder.unfinishedChanges();
  const change = unfinished.includes(runId) ? await folder.unfinishedChange(runId) : undefined;
  if (change !== undefined) return change;
  throw new EngineError(
    "not_applicable",
    `No change of files and history is unfinished under run ${JSON.stringify(runId.slice(0, 60))}.`,
    {
      hint:
        unfinished.length === 0
          ? "None is unfinished at all; list_migrations shows the folder as it is."
          : `Unfinished: ${unfinished.join(", ")}.`,
    },
  );
}

/** Nothing tells a process at work for another database from one that is dead, but time. */
function assertCutOff({ begunAt, target }: UnfinishedChange, now: Date): void {
  const ageMs = Math.abs(now.getTime() - Date.parse(begunAt));
  if (ageMs >= surelyCutOffMs) return;
  throw new EngineError(
    "change_unfinished",
    `The change was begun ${Math.round(ageMs / 1000)} seconds ago on ${target} and may still be under way. Nothing was changed.`,
    { hint: "Repeat the call a minute after it was begun." },
  );
}
