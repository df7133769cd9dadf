import { EngineError } from "../errors.ts";
import type { CreateBaselineReport } from "../model/baseline-report.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import { describeBaseline } from "../report/describe-baseline.ts";
import type { CallContext, CreateBaselineRequest } from "../requests.ts";
import { compareAdopted } from "./baseline-target.ts";
import { assertWritable, newFence, type EngineContext } from "./context.ts";
import { draftBaseline, type DraftedBaseline } from "./draft-baseline.ts";
import { draftKnownBaseline } from "./draft-known-baseline.ts";
import { readProject, type Project } from "./read-project.ts";
import { carryOutChange, settleUnfinishedChanges } from "./settle-changes.ts";

/**
 * Plans one migration that stands for everything applied so far, and proves it on an empty shadow; with `confirm` puts it in place of
 * files and rows. Where it is not proved nothing is changed, and the answer says what differs.
 */
export function createBaseline(
  engine: EngineContext,
  request: CreateBaselineRequest,
  call: CallContext,
): Promise<CreateBaselineReport> {
  assertWritable(engine, "Making a baseline");
  return engine.inTurn(async () => {
    const settled = await settleUnfinishedChanges(engine, call);
    const project = await readProject(engine, call);
    const drafted = await draft(engine, project, request);
    assertConfirmed(request, drafted.plan);
    const isDone = request.confirm !== undefined && drafted.isProved;
    if (isDone) await carryOutChange(engine, call, { project, plan: drafted.plan });
    const isFirstLook = request.confirm === undefined && drafted.from !== "baseline";
    const adopted = isFirstLook ? await compareAdopted(engine, project, drafted.live) : undefined;
    const answer = {
      ...drafted,
      target: project.database.target.label,
      folder: project.folder.label,
      isDone,
      adopted,
    };
    return describeBaseline(answer, newFence(), { warnings: settled, size: call.answerSize });
  });
}

function draft(
  engine: EngineContext,
  project: Project,
  { from = "live" }: CreateBaselineRequest,
): Promise<DraftedBaseline> {
  return from === "baseline" ? draftKnownBaseline(engine, project) : draftBaseline(engine, project, from);
}

function assertConfirmed({ confirm }: CreateBaselineRequest, { id }: HistoryChangePlan): void {
  if (confirm === undefined || confirm === id) return;
  throw new EngineError(
    "plan_is_stale",
    `The plan is ${id} by now, not ${JSON.stringify(confirm)}: files, history or schema have changed.`,
    { hint: "Call create_baseline without confirm to plan anew." },
  );
}
