import type { Rule } from "../rule.ts";
import { timeoutSet, judgeTimeout } from "../set-timeout.ts";

/** Half an hour: what takes longer belongs into batches. */
const longestMs = 1_800_000;

export const statementTimeout: Rule = {
  id: "L21",
  name: "statement-timeout",
  group: "locks",
  severity: "warning",
  detects: "statement_timeout set to nothing or to more than half an hour",
  why: "A statement that runs away holds its locks for as long as it runs.",
  rewrite: "Leave statement_timeout to Godwit's settings.",
  check: ({ node }, { isDump }) => {
    const set = timeoutSet(node, "statement_timeout");
    if (set === undefined) return [];
    const verdict = judgeTimeout(set.value, longestMs);
    return [{ object: "statement_timeout", severity: verdict === "fine" || isDump ? "info" : "warning" }];
  },
};
