import { EngineError } from "../errors.ts";
import type { RunRecord } from "../model/history.ts";
import type { ApplyStep, PlannedStatement } from "../model/plan.ts";
import type { ReadStatement } from "./read-statements.ts";

/**
 * Groups statements between those that run alone; with `none`, every statement is a transaction of its own. The statements
 * that an unfinished run has done are steps of their own too, so that none of them can run again.
 */
export function toSteps(
  statements: readonly ReadStatement[],
  mode: "transactional" | "none",
  doneCount: number,
): Pick<Plan, "steps" | "stepsDone"> {
  const done = groupStatements(statements.slice(0, doneCount), mode);
  const rest = groupStatements(statements.slice(doneCount), mode);
  return { steps: [...done, ...rest], stepsDone: done.length };
}

interface Plan {
  readonly steps: readonly ApplyStep[];
  readonly stepsDone: number;
}

function groupStatements(
  statements: readonly ReadStatement[],
  mode: "transactional" | "none",
): readonly ApplyStep[] {
  const steps: ApplyStep[] = [];
  let group: PlannedStatement[] = [];
  const closeGroup = () => {
    if (group.length > 0) steps.push({ kind: "transaction", statements: group });
    group = [];
  };
  for (const { statement, runsAlone } of statements) {
    if (runsAlone) {
      closeGroup();
      steps.push({ kind: "alone", statement });
      continue;
    }
    group.push(statement);
    if (mode === "none") closeGroup();
  }
  closeGroup();
  return steps;
}

/**
 * How many statements an unfinished run has behind it. Throws `not_applicable` where those, or the one whose end was never
 * seen, are no longer the file's.
 */
export function countDone(
  fileName: string,
  statements: readonly ReadStatement[],
  unfinished: RunRecord | undefined,
): number {
  const begun = unfinished?.statementResults ?? [];
  const changed = begun.findIndex(
    (result, position) => statements[position]?.statement.fingerprint !== result.fingerprint,
  );
  const done = begun.filter((result) => result.state === "done").length;
  if (changed === -1) return done;
  const fact = changed < done ? "has run already" : "was running when the connection broke";
  throw new EngineError(
    "not_applicable",
    `${fileName} was begun with other SQL: statement ${changed + 1} ${fact} and is different now.`,
    {
      file: fileName,
      hint: "Restore the statements that were begun; those after them may be corrected.",
    },
  );
}
