import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const matviewRefresh: Rule = {
  id: "L04",
  name: "matview-refresh",
  group: "locks",
  severity: "warning",
  detects: "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
  why: "It rewrites the view under an ACCESS EXCLUSIVE lock: nobody reads it until the query is done.",
  rewrite: "Give the view a unique index and REFRESH … CONCURRENTLY.",
  check: ({ node }, scope) => {
    if (!("RefreshMatViewStmt" in node) || node.RefreshMatViewStmt.concurrent === true) return [];
    const { relation } = node.RefreshMatViewStmt;
    return isOwnTable(scope, relation) ? [] : [{ object: show(nameOfRange(relation)) }];
  },
};
