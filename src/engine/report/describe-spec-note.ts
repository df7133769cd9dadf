import type { RunPhaseReport } from "../model/phase-report.ts";
import type { SpecNote, SpecVerdict } from "../model/verify-report.ts";

/** That a spec holds, as a sentence with a space before it; empty where it was not asked, or does not. */
export function describeHeld(verified: SpecVerdict | undefined, verb: "holds" | "would hold"): string {
  if (verified === undefined || verified.failed !== undefined) return "";
  const { file, passed, skipped } = verified;
  const left = skipped === undefined ? "" : `, ${skipped} skipped`;
  return ` ${file} ${verb}: ${passed} ${passed === 1 ? "check" : "checks"} passed${left}.`;
}

/** The answer about a phase together with what became of the project's spec before its commit. */
export function addSpecNote(report: RunPhaseReport, { verified, unasked }: SpecNote): RunPhaseReport {
  const held = describeHeld(verified, report.status === "rehearsed" ? "would hold" : "holds");
  const isTold = unasked !== undefined && report.status !== "confirmation_required";
  return {
    ...report,
    summary: `${report.summary}${held}`,
    ...(verified === undefined ? {} : { verified }),
    ...(isTold ? { warnings: [...(report.warnings ?? []), unasked] } : {}),
  };
}
