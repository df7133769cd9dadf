import type { RenameCandidateReport, ScriptProof } from "../model/schema-drift-report.ts";
import type { ClosedGap } from "../prove/close-gap.ts";
import type { NamedCandidate } from "../prove/renames.ts";
import type { Fence } from "./fence.ts";

const mostReasons = 5;

type Script = Pick<ClosedGap, "statements" | "offered" | "unanswered">;

/** SQL for a migration file: statements ended, and a comment where what precedes must be committed. */
export function writeScript(script: Script): string {
  return write(script, "-- What precedes must be committed first.");
}

/** SQL that runs as it stands, statement by statement as psql does it, or sent as one text, which is one transaction up to a commit. */
export function writeRunnableScript(script: Script): string {
  return write(script, "commit; -- What precedes has to be, wherever this is in a transaction.");
}

function write({ statements, offered, unanswered }: Script, boundary: string): string {
  const open = offered.map((candidate) => {
    const [from, to] = [oneLine(candidate.fromName), oneLine(candidate.toName)];
    return unanswered.includes(candidate)
      ? `-- Left alone: ${from} may have become ${to}. Give renames "${from}=${to}", or "${from}!=${to}" where it did not.`
      : `-- Dropped and made anew, with no rows in it: ${from} may have become ${to}. Give renames "${from}=${to}" where it did.`;
  });
  const lines = statements.map(({ sql, startsNewTransaction }, index) =>
    startsNewTransaction && index > 0 ? `${boundary}\n${sql};` : `${sql};`,
  );
  return [...open, ...lines].map((line) => `${line}\n`).join("");
}

/** How a script did on its copy. */
export function describeScript(gap: ClosedGap, fence: Fence): ScriptProof {
  const reasons = listReasons(gap);
  const hazards = listHazards(gap);
  return {
    proved: reasons.length === 0,
    statements: gap.statements.length,
    ...(hazards.length === 0 ? {} : { hazards }),
    ...(reasons.length === 0
      ? {}
      : { because: reasons.slice(0, mostReasons).map((reason) => fence.wrap(reason)) }),
  };
}

/** The harm that a script may do, by name. */
export function listHazards({ statements }: ClosedGap): readonly string[] {
  return [...new Set(statements.flatMap(({ hazards }) => hazards))].toSorted();
}

/** Why a script is not proved, in sentences; none where it is. */
export function listReasons(gap: ClosedGap): readonly string[] {
  const { copyLost, failures, refusals, unanswered, left } = gap;
  const reasons = [
    ...(copyLost === undefined ? [] : [`The copy was lost: ${copyLost}`]),
    ...failures.map(({ statement, cause }) => `Fails on the copy: ${oneLine(statement.sql)}: ${cause}`),
    ...refusals.map(({ key, reason }) => `${key}: ${reason}`),
    ...unanswered.map(({ fromName, toName }) => `${fromName} may have become ${toName}: nobody has said.`),
  ];
  if (reasons.length > 0 || left.length === 0) return reasons;
  return left.map(({ key }) => `${key} still differs on the copy afterwards.`);
}

/** Candidates for renaming, each with what to answer. */
export function describeCandidates(
  candidates: readonly NamedCandidate[],
  fence: Fence,
): readonly RenameCandidateReport[] {
  return candidates.map(({ fromName, toName }) => ({
    from: fence.wrapName(fromName),
    to: fence.wrapName(toName),
    if_renamed:
      fence.wrapName(fromName) === fromName ? `${fromName}=${toName}` : fence.wrap(`${fromName}=${toName}`),
    if_not:
      fence.wrapName(fromName) === fromName ? `${fromName}!=${toName}` : fence.wrap(`${fromName}!=${toName}`),
  }));
}

/** What scripts do meanwhile with objects that may have been renamed: `all` of them, `left` of which they leave alone. */
export function describeOffered(
  { all, left }: { readonly all: number; readonly left: number },
  where: "renames" | "--renames",
): string {
  if (left === 0)
    return `Objects may have been renamed (rename_candidates). They hold nothing that would be lost, so scripts drop and make them anew unless ${where} says that they were renamed.`;
  const rest = "The others hold nothing that would be lost, and are dropped and made anew.";
  const whole = `Objects may have been renamed (rename_candidates): no script touches the ${left === 1 ? "one" : left} that may hold rows until ${where} says what is so.`;
  return all === left ? whole : `${whole} ${rest}`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}
