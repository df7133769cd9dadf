import type { WeighedFindings } from "../confirmation/weigh-findings.ts";
import type { PlanFindingRow, PlanFindings } from "../model/confirmation-report.ts";
import type { RuleFinding } from "../model/rule-finding.ts";
import type { Fence } from "./fence.ts";
import { countFitting } from "./page.ts";

/** Losses, migrations and all else of an answer need their room too. */
const findingCharacters = 2_500;

/** What the rules found in a plan, as callers are told it: what needs a yes first; only a whole answer has all of it. */
export function describeRuleFindings(
  { asked, told }: WeighedFindings,
  fence: Fence,
  answerSize: "whole" | undefined,
): PlanFindings {
  const gravest = told.toSorted((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
  const rows = [...asked, ...gravest].map((finding) => toRow(finding, fence));
  if (rows.length === 0) return {};
  const shown = answerSize === "whole" ? rows : rows.slice(0, countFitting(rows, findingCharacters));
  const left = rows.length - shown.length;
  return { findings: shown, ...(left === 0 ? {} : { findings_left_out: left }) };
}

function toRow(finding: RuleFinding, fence: Fence): PlanFindingRow {
  const { severity, id, name, file, line, rewrite, suppressed } = finding;
  return {
    severity,
    code: id,
    rule: name,
    file,
    line,
    message: describe(finding, fence),
    hint: rewrite,
    ...(suppressed === undefined ? {} : { suppressed }),
  };
}

function describe({ object = "", why }: RuleFinding, fence: Fence): string {
  // A catalog's keys quote their names; what the rules themselves say has no quotes.
  const said = why.includes('"') ? fence.wrap(why) : why;
  return object === "" ? said : `${fence.wrapName(object)}: ${said}`;
}

const mostInSentence = 4;

/** The findings that need a yes, as sentences for the one who is asked; empty where there are none. */
export function summarizeAsked(asked: readonly RuleFinding[], fence: Fence): string {
  if (asked.length === 0) return "";
  const shown = asked
    .slice(0, mostInSentence)
    .map((finding) => `${describe(finding, fence)} (${finding.id}, line ${finding.line})`);
  const more = asked.length > mostInSentence ? ` And ${asked.length - mostInSentence} more.` : "";
  return `Found in its text: ${shown.join(" ")}${more}`;
}
