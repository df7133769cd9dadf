import type { Node } from "../../sql/parse.ts";
import { alterCommandsOf } from "../alter-table.ts";
import { show, nameOfRange, keyOf } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const splitAlter: Rule = {
  id: "L19",
  name: "split-alter",
  group: "locks",
  severity: "info",
  detects: "Two ALTER TABLE of one table in a row",
  why: "Each takes the lock again, and each one that reads or rewrites the table does so anew.",
  rewrite: "One ALTER TABLE with the commands separated by commas.",
  check: ({ node }, scope) => {
    const before = scope.migration[scope.position - 1];
    if (before === undefined || !("AlterTableStmt" in node) || !("AlterTableStmt" in before.node)) return [];
    const [table, other] = [
      nameOfRange(node.AlterTableStmt.relation),
      nameOfRange(before.node.AlterTableStmt.relation),
    ];
    if (keyOf(table) !== keyOf(other) || isOwnTable(scope, table)) return [];
    const twice = readsTable(node) && readsTable(before.node);
    return [twice ? { object: show(table), severity: "warning" } : { object: show(table) }];
  },
};

function readsTable(node: Node): boolean {
  return (
    alterCommandsOf(
      node,
      "AT_AlterColumnType",
      "AT_SetNotNull",
      "AT_SetUnLogged",
      "AT_SetLogged",
      "AT_SetTableSpace",
    ).length > 0
  );
}
