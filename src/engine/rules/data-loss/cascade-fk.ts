import { addedConstraints } from "../alter-table.ts";
import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const cascadeFk: Rule = {
  id: "D14",
  name: "cascade-fk",
  group: "data-loss",
  severity: "warning",
  detects: "A foreign key with ON DELETE CASCADE added to a table that exists",
  why: "From now on deleting one row of the parent deletes every row that refers to it.",
  rewrite: "ON DELETE RESTRICT, or SET NULL, unless the rows mean nothing without their parent.",
  check: ({ node }, scope) =>
    addedConstraints(node)
      .filter(
        ({ table, constraint }) =>
          constraint.contype === "CONSTR_FOREIGN" &&
          constraint.fk_del_action === "c" &&
          !isOwnTable(scope, table),
      )
      .map(({ table, constraint, column }) => ({
        object: show(table),
        why: `Deleting a row of ${show(nameOfRange(constraint.pktable))} deletes every row here that refers to it.`,
        // A column that is new refers to nothing yet.
        ...(column === undefined ? {} : { severity: "info" as const }),
      })),
};
