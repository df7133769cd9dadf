import type { Squash } from "../plan/baseline/find-squash.ts";
import type { OpenChoice } from "../plan/reconcile/reconcile-step.ts";
import type { Fence } from "./fence.ts";

interface PlanToAdviseOn {
  /** Undefined where nothing is planned. */
  readonly planId: string | undefined;
  readonly choices: readonly OpenChoice[];
  readonly squash: Squash | undefined;
}

/** The calls that a plan of reconciling asks for next. */
export function adviseOnPlan({ planId, choices, squash }: PlanToAdviseOn, fence: Fence): readonly string[] {
  return [
    ...(planId === undefined
      ? []
      : [`reconcile_history with the same arguments and confirm: "${planId}" carries out exactly this.`]),
    ...(squash === undefined ? [] : [adviseOnSquash(squash, fence)]),
    ...(choices.length === 0 ? [] : [adviseOnChoices(choices)]),
  ];
}

function adviseOnSquash({ file: { fileName }, standsFor }: Squash, fence: Fence): string {
  const [first = "", ...others] = standsFor;
  const what =
    others.length === 0
      ? `${first}, which has no file`
      : `the ${standsFor.length} recorded migrations from ${first} to ${others.at(-1) ?? ""} that have no file`;
  return `Where ${fence.wrapName(fileName)} stands for ${what}: create_baseline { from: "baseline" } proves that by a replay and plans the rows alone.`;
}

function adviseOnChoices(choices: readonly OpenChoice[]): string {
  const questions = new Set(choices.map(({ question }) => question));
  const one =
    questions.size < choices.length ? ', with a version of "about" in place of all for that one' : "";
  return `Settle a choice with actions: ["…"], one of its options${one}; or all of them with truth: "database" or truth: "files".`;
}
