import type { Rule } from "../rule.ts";

export const deferredConstraints: Rule = {
  id: "T09",
  name: "deferred-constraints",
  group: "transactions",
  severity: "info",
  detects: "SET CONSTRAINTS … DEFERRED",
  why: "Rows that break a constraint are told only at the end, without the statement that wrote them.",
  rewrite: "SET CONSTRAINTS ALL IMMEDIATE as the last statement.",
  check: ({ node }) =>
    "ConstraintsSetStmt" in node && node.ConstraintsSetStmt.deferred === true
      ? [{ object: "constraints" }]
      : [],
};
