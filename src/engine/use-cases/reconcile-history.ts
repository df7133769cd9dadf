import type { ReconcileHistoryReport } from "../model/reconcile-report.ts";
import { findSquash } from "../plan/baseline/find-squash.ts";
import { readActions } from "../plan/reconcile/read-actions.ts";
import { adviseNext } from "../report/advice.ts";
import { adviseOnPlan } from "../report/advise-on-plan.ts";
import { describeReconcile } from "../report/describe-reconcile.ts";
import { countStates, describeCounts, describeStatuses } from "../report/describe-status.ts";
import type { CallContext, ReconcileHistoryRequest } from "../requests.ts";
import { assertWritable, newFence, type EngineContext } from "./context.ts";
import { draftReconciliation, warnOfNames, type Drafted } from "./draft-reconciliation.ts";
import { judgeChange, namedPlans } from "./judge-change.ts";
import { readProject, type Project } from "./read-project.ts";
import { carryOutChange, settleUnfinishedChanges } from "./settle-changes.ts";
import { undoChange } from "./undo-change.ts";

/** Plans how files and history come to agree; confirmed, it carries that plan out, files and rows together or not at all. */
export async function reconcileHistory(
  engine: EngineContext,
  request: ReconcileHistoryRequest,
  call: CallContext,
): Promise<ReconcileHistoryReport> {
  const asked = readActions(request.actions ?? []);
  const { confirm } = request;
  if (namedPlans({ confirm, call }).length > 0) assertWritable(engine, "Reconciling");
  return engine.inTurn(async (writer) => {
    const undone =
      asked.undoneRun === undefined
        ? undefined
        : await undoChange(writer, { runId: asked.undoneRun, confirm }, call);
    if (undone !== undefined) return undone;
    const settled = writer.readOnly ? [] : await settleUnfinishedChanges(writer, call);
    const drafted = await draftReconciliation(writer, { request, asked }, call);
    const { plan, project } = drafted;
    const verdict = judgeChange(writer, { tool: "reconcile_history", plan, project, call, confirm });
    if (verdict === "go") return carryOut(writer, call, { drafted, settled });
    return describePlan({ drafted, settled, verdict, cursor: request.cursor }, call);
  });
}

function describePlan(
  answer: {
    readonly drafted: Drafted;
    readonly settled: readonly string[];
    readonly verdict: "planned" | "confirmation_required";
    readonly cursor: string | undefined;
  },
  call: CallContext,
): ReconcileHistoryReport {
  const { project, plan, steps, choices, warnings } = answer.drafted;
  const isEmpty = steps.length === 0;
  const fence = newFence();
  return describeReconcile(
    {
      status: isEmpty ? "nothing_to_do" : answer.verdict,
      ...placeOf(project),
      planId: isEmpty ? undefined : plan.id,
      steps,
      choices,
      warnings: [...answer.settled, ...warnings],
      nextSteps: adviseOnPlan(
        {
          planId: isEmpty ? undefined : plan.id,
          choices,
          squash: findSquash(project.reconciliation),
        },
        fence,
      ),
      after: undefined,
      isWhole: call.answerSize === "whole",
      cursor: answer.cursor,
    },
    fence,
  );
}

async function carryOut(
  engine: EngineContext,
  call: CallContext,
  { drafted, settled }: { readonly drafted: Drafted; readonly settled: readonly string[] },
): Promise<ReconcileHistoryReport> {
  const { project, plan, steps, choices } = drafted;
  if (steps.length > 0) await carryOutChange(engine, call, { project, plan });
  const after = await readProject(engine, call);
  const { reconciliation, folder } = after;
  const fence = newFence();
  const counts = countStates(describeStatuses(reconciliation.statuses, { folder: folder.label, fence }));
  return describeReconcile(
    {
      status: "carried_out",
      ...placeOf(project),
      planId: plan.id,
      steps,
      choices,
      warnings: [...settled, ...warnOfNames(after, engine.clock.now())],
      nextSteps: [
        "detect_drift {} compares the live schema too; commit the folder with its archive.",
        ...(adviseNext(counts).next_steps ?? []).filter((step) => !step.startsWith("detect_drift")),
      ],
      after: describeCounts(counts),
      isWhole: call.answerSize === "whole",
      cursor: undefined,
    },
    fence,
  );
}

function placeOf({ database, folder }: Project): { readonly target: string; readonly folder: string } {
  return { target: database.target.label, folder: folder.label };
}
