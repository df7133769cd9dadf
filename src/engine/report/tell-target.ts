import type { LabelledTarget } from "../target-address.ts";

interface Told {
  readonly target: LabelledTarget;
  /** The call said which: those that follow have to say it too. */
  readonly isNamed: boolean;
}

/** Adds to an answer about one of several targets that the calls it proposes have to name it, and what a yes to a change of production takes. */
export function tellTarget<T extends object>(report: T, { target, isNamed }: Told): T {
  const { label, isProduction } = target;
  const status = "status" in report ? report.status : undefined;
  const isAsking = status === "confirmation_required" || status === "planned";
  const asksForProduction = isProduction && isAsking;
  const steps: unknown = "next_steps" in report ? report.next_steps : undefined;
  const names =
    Array.isArray(steps) && steps.length > 0 && (isNamed || asksForProduction)
      ? { next_steps: [...steps, `Name target: "${label}" in these calls.`] }
      : {};
  if (!asksForProduction) return { ...report, ...names };
  const summary = "summary" in report ? String(report.summary) : "";
  return {
    ...report,
    summary: `${summary} A yes to a change of ${label} has to name it.`.trim(),
    confirm_target: label,
    ...names,
  };
}
