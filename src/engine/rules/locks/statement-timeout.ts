import type { Rule } from "../rule.ts";
import { isTidying, judgeTimeout, timeoutSet } from "../set-timeout.ts";

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
  check: ({ node }, scope) => {
    const set = timeoutSet(node, "statement_timeout");
    if (set === undefined) return [];
    const isHarmless =
      scope.isDump || isTidying(set.value, scope) || judgeTimeout(set.value, longestMs) === "fine";
    const object = "statement_timeout";
    return [isHarmless ? { object, severity: "info" } : { object }];
  },
};
