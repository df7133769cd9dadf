import { addedConstraints } from "../alter-table.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const checkScan: Rule = {
  id: "L06",
  name: "check-scan",
  group: "locks",
  severity: "warning",
  detects: "ADD CHECK without NOT VALID, and ADD COLUMN with CHECK",
  why: "It reads the whole table under an ACCESS EXCLUSIVE lock.",
  rewrite: "ADD CONSTRAINT … NOT VALID now, VALIDATE CONSTRAINT in the next migration.",
  check: ({ node }, scope) =>
    addedConstraints(node)
      .filter(
        ({ table, constraint }) =>
          constraint.contype === "CONSTR_CHECK" &&
          constraint.skip_validation !== true &&
          constraint.is_enforced !== false &&
          !isOwnTable(scope, table),
      )
      .map(({ table, constraint }) => ({ object: nameConstraint(show(table), constraint.conname) })),
};

function nameConstraint(table: string, name: string | undefined): string {
  return name === undefined ? table : `${table}.${name}`;
}
