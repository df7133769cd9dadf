import { nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";

export const concurrentIfNotExists: Rule = {
  id: "T05",
  name: "concurrent-if-not-exists",
  group: "transactions",
  severity: "warning",
  detects: "CREATE INDEX CONCURRENTLY IF NOT EXISTS",
  why: "A build that failed leaves an invalid index, which IF NOT EXISTS takes for the real one and passes over.",
  rewrite: "Leave IF NOT EXISTS out; DROP INDEX CONCURRENTLY an invalid index first.",
  check: ({ node }, { live }) => {
    if (!("IndexStmt" in node) || node.IndexStmt.concurrent !== true || node.IndexStmt.if_not_exists !== true)
      return [];
    const { relation, idxname = "" } = node.IndexStmt;
    const existing = live?.findPart("index", nameOfRange(relation), idxname);
    if (existing?.attributes["invalid"] === true)
      return [
        {
          object: idxname,
          severity: "error",
          why: "The index exists and is invalid: the statement would pass over it.",
        },
      ];
    return [{ object: idxname }];
  },
};
