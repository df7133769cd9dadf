import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

/** ACCESS SHARE, which every SELECT takes (lockdefs.h). */
const ACCESS_SHARE = 1;

export const explicitLock: Rule = {
  id: "L22",
  name: "explicit-lock",
  group: "locks",
  severity: "warning",
  detects: "LOCK TABLE",
  why: "The lock is held until the transaction ends, whatever the statements after it need.",
  rewrite: "Remove it: each statement takes the lock that it needs.",
  check: ({ node }, scope) => {
    if (!("LockStmt" in node) || node.LockStmt.mode === ACCESS_SHARE) return [];
    return (node.LockStmt.relations ?? []).flatMap((each) =>
      "RangeVar" in each && !isOwnTable(scope, each.RangeVar)
        ? [{ object: show(nameOfRange(each.RangeVar)) }]
        : [],
    );
  },
};
