import type { CreateBaselineReport } from "../model/baseline-report.ts";
import { describeBaseline } from "../report/describe-baseline.ts";
import type { CallContext, CreateBaselineRequest } from "../requests.ts";
import { compareAdopted } from "./baseline-target.ts";
import { assertWritable, newFence, type EngineContext } from "./context.ts";
import { draftBaseline, type DraftedBaseline } from "./draft-baseline.ts";
import { draftKnownBaseline } from "./draft-known-baseline.ts";
import { judgeChange } from "./judge-change.ts";
import { openProject } from "./open-project.ts";
import type { Project } from "./read-project.ts";
import { carryOutChange } from "./settle-changes.ts";

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
  return engine.inTurn(async (writer) => {
    const { project, warnings } = await openProject(writer, call);
    const drafted = await draft(writer, project, request);
    const { confirm } = request;
    const { plan, schema, isProved } = drafted;
    const verdict = judgeChange(writer, {
      tool: "create_baseline",
      plan,
      project,
      call,
      confirm,
      schema: schema.objects,
    });
    if (verdict === "go" && isProved) await carryOutChange(writer, call, { project, plan });
    const isFirstLook = verdict === "planned" && drafted.from !== "baseline";
    const adopted = isFirstLook ? await compareAdopted(writer, project, drafted.live) : undefined;
    const answer = {
      ...drafted,
      target: project.database.target.label,
      folder: project.folder.label,
      status: statusOf(verdict, isProved),
      adopted,
    };
    return describeBaseline(answer, newFence(), {
      warnings,
      size: call.answerSize,
      shadowUrl: writer.shadow.url,
    });
  });
}

function draft(
  engine: EngineContext,
  project: Project,
  { from = "live" }: CreateBaselineRequest,
): Promise<DraftedBaseline> {
  return from === "baseline" ? draftKnownBaseline(engine, project) : draftBaseline(engine, project, from);
}

function statusOf(
  verdict: ReturnType<typeof judgeChange>,
  isProved: boolean,
): CreateBaselineReport["status"] {
  if (!isProved) return "not_proved";
  return verdict === "go" ? "done" : verdict;
}
