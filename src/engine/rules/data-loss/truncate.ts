import { show, nameOfRange } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const truncate: Rule = {
  id: "D04",
  name: "truncate",
  group: "data-loss",
  severity: "error",
  detects: "TRUNCATE",
  why: "Every row is gone, row level security and DELETE triggers do not count, and nobody else can use the table meanwhile.",
  rewrite: "DELETE with a condition, in batches, after a copy of what has to be kept.",
  check: ({ node }, scope) => {
    if (!("TruncateStmt" in node)) return [];
    const cascades = node.TruncateStmt.behavior === "DROP_CASCADE";
    return (node.TruncateStmt.relations ?? []).flatMap((each): readonly Hit[] => {
      if (!("RangeVar" in each) || isOwnTable(scope, each.RangeVar)) return [];
      const object = show(nameOfRange(each.RangeVar));
      return [
        cascades
          ? { object, why: "Every row is gone, and every row of every table that refers to it." }
          : { object },
      ];
    });
  },
};
