import { judgeConfirmation } from "../confirmation/judge-confirmation.ts";
import { refuseStale } from "../confirmation/refuse-stale.ts";
import { factsOfHistory, type PlanFacts } from "../confirmation/shown-plans.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import type { SchemaFingerprint } from "../model/plan.ts";
import { partsOfChange } from "../plan/history-change-id.ts";
import type { CallContext } from "../requests.ts";
import { newFence, type EngineContext } from "./context.ts";
import type { Project } from "./read-project.ts";

/** A change of files and history that is planned, and what the caller has said of it. */
export interface ChangeQuestion {
  readonly tool: "reconcile_history" | "create_baseline";
  readonly plan: Pick<
    HistoryChangePlan,
    "id" | "target" | "expectsHistory" | "expectsFiles" | "expectsSchema"
  >;
  readonly project: Project;
  readonly call: CallContext;
  readonly confirm: string | undefined;
  /** The live schema, where the plan was made from it. */
  readonly schema?: SchemaFingerprint["objects"];
}

/**
 * Whether a change of files and history may be carried out. Such a change is planned first, always: `planned` where nobody has named the plan
 * yet, `confirmation_required` where its person is to be asked. Throws `plan_is_stale` with what has changed where another plan was named.
 */
export function judgeChange(
  engine: EngineContext,
  { tool, plan, project, call, confirm, schema }: ChangeQuestion,
): "planned" | "confirmation_required" | "go" {
  const { id: planId } = plan;
  const now = factsOf(project, schema);
  const approvals = namedPlans({ confirm, call });
  for (const approved of approvals) {
    const shown = engine.shownPlans.recall(approved);
    const parts = partsOfChange(plan);
    const hint = `Call ${tool} with the same arguments and without confirm to see the plan as it is now.`;
    refuseStale(approved, { planId, parts, now, shown, wrapName: newFence().wrapName, hint });
  }
  engine.shownPlans.remember(planId, now);
  if (approvals.length === 0) return "planned";
  return judgeConfirmation(
    { planId, losses: [], errorCount: 0, replacesHistory: true, isProduction: engine.isProduction },
    { ...call, confirm },
  );
}

/** The plans that a call names: its own argument, and what the caller's person said yes to. */
export function namedPlans({ confirm, call }: Pick<ChangeQuestion, "confirm" | "call">): readonly string[] {
  return [confirm, call.approvedPlan].filter((given) => given !== undefined);
}

function factsOf({ contents, history }: Project, schema: ChangeQuestion["schema"]): PlanFacts {
  const files = contents.files.map(({ fileName, content }): [string, string] => [
    fileName,
    content.kind === "sql" ? content.checksum : content.reason,
  ]);
  return { files: new Map(files), history: factsOfHistory(history), schema: schema ?? new Map() };
}
