import type { ApplyStatus, FailureReport, MigrationResultRow } from "../model/report.ts";
import type { ApplyAnswer } from "./apply-answer.ts";
import { describeHeld } from "./describe-spec-note.ts";
import { summarizeRehearsal } from "./describe-rehearsal.ts";

interface Facts {
  readonly answer: ApplyAnswer;
  readonly status: ApplyStatus;
  readonly rows: readonly MigrationResultRow[];
  readonly failure: FailureReport | undefined;
}

/** What applying or rehearsing came to, as sentences. */
export function summarizeApply({ answer, status, rows, failure }: Facts): string {
  const done = rows.filter((row) => row.outcome === "applied" || row.outcome === "rehearsed").length;
  const count = `${done} ${done === 1 ? "migration" : "migrations"}`;
  const verb = answer.rehearsed !== undefined ? "rehearsed" : "applied";
  const before = done === 0 ? "" : ` Before it, ${count} ${done === 1 ? "was" : "were"} ${verb}.`;
  const waiting = rows.filter((row) => row.outcome === "not_run").length;
  const rest = waiting === 0 ? "" : ` ${waiting} after it did not run.`;
  switch (status) {
    case "applied":
      return `Applied ${count}.${describeHeld(answer.spec.verified, "holds")}`;
    case "already_applied":
      return "Everything asked for was applied before; nothing was run.";
    case "nothing_to_apply":
      return "No migration is pending.";
    case "confirmation_required":
      return summarizeQuestion(answer, rows);
    case "rehearsed":
      return `Rehearsed ${count}${answer.rehearsed === undefined ? "" : summarizeRehearsal(answer.rehearsed)}; everything was rolled back.${waiting === 0 ? "" : ` ${waiting} could not be rehearsed whole.`}${describeHeld(answer.spec.verified, "would hold")}`;
    case "in_doubt":
      return `It is not known whether ${failure?.version ?? "the migration"} was committed.${rest}`;
    case "failed":
      return `${failure?.file ?? "The migration"} failed and ${kept(rows)}.${before}${rest}`;
  }
}

function kept(rows: readonly MigrationResultRow[]): string {
  return rows.some((row) => row.outcome === "incomplete")
    ? "keeps the steps that ran outside a transaction"
    : "left nothing behind";
}

/** A question is asked before anything ran, or after a migration showed what it does and was rolled back. */
function summarizeQuestion(
  { plan, ends, project }: ApplyAnswer,
  rows: readonly MigrationResultRow[],
): string {
  const done = ends.filter(({ kind }) => kind === "applied").length;
  const count = rows.filter(({ outcome }) => outcome !== "applied" && outcome !== "already_applied").length;
  const waiting = `${count} ${count === 1 ? "migration waits" : "migrations wait"} for a confirmation.`;
  const at = ends.findIndex(({ kind }) => kind === "unconfirmed");
  const tried = plan.migrations[at];
  if (tried === undefined) return `Nothing was applied: ${waiting}`;
  const before =
    done === 0 ? "Nothing was applied" : `Applied ${done} ${done === 1 ? "migration" : "migrations"}`;
  return `${before}: ${waiting} ${project.folder.label}/${tried.fileName} ran, was measured, and was rolled back.`;
}
