import type { Node } from "../../sql/parse.ts";
import { alterCommandsOf, addedConstraints } from "../alter-table.ts";
import { show, nameOfList, keyOf, type Name } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable, following, type Scope } from "../scope.ts";

export const dropConstraint: Rule = {
  id: "D10",
  name: "drop-constraint",
  group: "data-loss",
  severity: "warning",
  detects: "DROP CONSTRAINT, of tables and domains",
  why: "Rows that break it can be written from now on, and it cannot be added back while they are there.",
  rewrite: "Add the constraint that takes its place in the same migration, NOT VALID.",
  check: ({ node }, scope) => {
    if ("AlterDomainStmt" in node && node.AlterDomainStmt.subtype === "X")
      return [{ object: show(nameOfList(node.AlterDomainStmt.typeName)) }];
    return alterCommandsOf(node, "AT_DropConstraint")
      .filter(({ table }) => !isOwnTable(scope, table))
      .map(({ table, command }) => {
        const object = `${show(table)}.${command.name ?? ""}`;
        return isReplaced(node, table, scope)
          ? { object, severity: "info", why: "Another constraint takes its place in this migration." }
          : { object };
      });
  },
};

/** Dropped and added again in one statement or in a later one, whatever the new one's name. */
function isReplaced(node: Node, table: Name, scope: Scope): boolean {
  return [node, ...following(scope, table).map((view) => view.node)].some((each) =>
    addedConstraints(each).some(
      ({ table: of, constraint, column }) =>
        column === undefined && keyOf(of) === keyOf(table) && constraint.contype !== "CONSTR_NOTNULL",
    ),
  );
}
