import type { ReconcileChoice, ReconcileHistoryReport, ReconcileStepRow } from "../model/reconcile-report.ts";
import type { OpenChoice, ReconcileStep } from "../plan/reconcile/reconcile-step.ts";
import { callable } from "./describe-fix.ts";
import type { Fence } from "./fence.ts";
import { groupBy } from "./group-by.ts";
import { firstPage } from "./page.ts";

const stepCharacters = 5_000;
const shownSubjects = 10;

/** What a report of reconciling is made of. */
export interface ReconcileAnswer {
  readonly status: ReconcileHistoryReport["status"];
  readonly target: string;
  readonly folder: string;
  readonly planId: string | undefined;
  readonly steps: readonly ReconcileStep[];
  readonly choices: readonly OpenChoice[];
  readonly warnings: readonly string[];
  readonly nextSteps: readonly string[];
  /** The state after carrying out, in words. */
  readonly after: string | undefined;
  readonly isWhole: boolean;
  /** Where the steps go on that an answer before had no room for. */
  readonly cursor: string | undefined;
}

/** The plan, or what was done, in the wire's shape: steps up to a size, choices by question. */
export function describeReconcile(answer: ReconcileAnswer, fence: Fence): ReconcileHistoryReport {
  const { steps, status, warnings, nextSteps, planId } = answer;
  const counts = countActions(steps);
  const told = answer.isWhole ? steps : rarestFirst(steps, counts);
  const page = firstPage(
    told.map((step) => describeStep(step, fence)),
    {
      limit: told.length,
      maxCharacters: answer.isWhole ? Number.POSITIVE_INFINITY : stepCharacters,
      cursor: answer.cursor,
    },
  );
  const choices = groupChoices(answer.choices, fence);
  return {
    summary: summarize(answer),
    status,
    target: answer.target,
    folder: answer.folder,
    ...(planId === undefined ? {} : { plan_id: planId }),
    counts,
    steps: page.items,
    ...(page.items.length < page.total ? { steps_left_out: page.total - page.items.length } : {}),
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
    ...(choices.length === 0 ? {} : { choices }),
    ...(status === "carried_out" ? { report: `${answer.folder}/archive/RECONCILIATION_SUMMARY.md` } : {}),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(nextSteps.length === 0 ? {} : { next_steps: nextSteps }),
  };
}

function summarize({ status, steps, choices, after }: ReconcileAnswer): string {
  const open =
    choices.length === 0
      ? ""
      : ` ${choices.length} ${choices.length === 1 ? "choice is" : "choices are"} yours.`;
  const count = `${steps.length} ${steps.length === 1 ? "step" : "steps"}`;
  if (status === "nothing_to_do") {
    return choices.length === 0
      ? "Files and history agree: there is nothing to reconcile."
      : `Nothing is certain.${open}`;
  }
  if (status === "planned") return `${count} planned; nothing was changed.${open}`;
  if (status === "confirmation_required") return `${describeEffect(steps)}${open}`;
  return `${count} carried out.${after === undefined ? "" : ` Now: ${after}.`}${open}`;
}

/** What carrying out does to files and rows, for the one who is asked. */
function describeEffect(steps: readonly ReconcileStep[]): string {
  const actions = Object.entries(countActions(steps)).map(([action, count]) => `${count} ${action}`);
  const files = steps.flatMap((step) => step.files).length;
  const rows = steps.flatMap((step) => step.rows).length;
  return `It reconciles migration files and history (${actions.join(", ")}): ${files} changes of files, ${rows} of recorded rows. What is replaced is kept in archive/ and in the archive table; no migration is run.`;
}

/** Where not all can be shown, a few steps of one kind are worth more than many of another. */
function rarestFirst(
  steps: readonly ReconcileStep[],
  counts: Readonly<Record<string, number>>,
): readonly ReconcileStep[] {
  return steps.toSorted((a, b) => (counts[a.action] ?? 0) - (counts[b.action] ?? 0));
}

function describeStep({ action, version, file, to, why }: ReconcileStep, fence: Fence): ReconcileStepRow {
  return {
    action,
    version: version === "" ? "" : fence.wrapName(version),
    ...(file === undefined ? {} : { file: fence.wrapName(file) }),
    ...(to === undefined ? {} : { to: fence.wrapName(to) }),
    why,
  };
}

function groupChoices(choices: readonly OpenChoice[], fence: Fence): readonly ReconcileChoice[] {
  return groupBy(choices, ({ question }) => question).map((group) => ({
    question: group[0]?.question ?? "",
    count: group.length,
    about: group.slice(0, shownSubjects).map(({ subject }) => fence.wrapName(subject)),
    options: (group[0]?.options ?? []).map(
      (action) => `${action} ${group.length > 1 ? "all" : callable(group[0]?.subject ?? "", fence)}`,
    ),
  }));
}

function countActions(steps: readonly ReconcileStep[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { action } of steps) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}
