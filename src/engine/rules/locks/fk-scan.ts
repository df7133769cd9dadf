import { addedConstraints, defaultOf, type AddedConstraint } from "../alter-table.ts";
import { show, nameOfRange } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const fkScan: Rule = {
  id: "L07",
  name: "fk-scan",
  group: "locks",
  severity: "warning",
  detects: "ADD FOREIGN KEY without NOT VALID, and ADD COLUMN … REFERENCES",
  why: "It holds SHARE ROW EXCLUSIVE locks on both tables, so that nobody writes to either, while it reads both.",
  rewrite: "ADD CONSTRAINT … FOREIGN KEY … NOT VALID now, VALIDATE CONSTRAINT in the next migration.",
  check: ({ node }, scope) =>
    addedConstraints(node)
      .filter(
        ({ table, constraint }) =>
          constraint.contype === "CONSTR_FOREIGN" &&
          constraint.skip_validation !== true &&
          !isOwnTable(scope, table),
      )
      .map((added) => describe(added)),
};

/** A new column of nulls has nothing to look up: it takes the locks and is done. */
function describe({ table, constraint, column }: AddedConstraint): Hit {
  const object = show(table);
  if (column === undefined || defaultOf(column) !== undefined) return { object };
  const parent = show(nameOfRange(constraint.pktable));
  return {
    object,
    severity: "info",
    why: `It locks ${parent} against writers for a moment too; the column holds nulls, so nothing is read.`,
  };
}
