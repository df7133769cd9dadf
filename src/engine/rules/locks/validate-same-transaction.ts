import type { Node } from "../../sql/parse.ts";
import { alterCommandsOf, addedConstraints } from "../alter-table.ts";
import { show, keyOf, type Name } from "../names.ts";
import type { Rule } from "../rule.ts";
import { besides, isOwnTable, type Scope } from "../scope.ts";
import { stronglyLocked } from "../strong-locks.ts";

export const validateSameTransaction: Rule = {
  id: "L16",
  name: "validate-same-transaction",
  group: "locks",
  severity: "warning",
  detects: "VALIDATE CONSTRAINT in one transaction with other commands on the same table",
  why: "The table stays under the stronger lock of the other command while it is read, so NOT VALID gains nothing.",
  rewrite: "Put VALIDATE CONSTRAINT into a migration of its own.",
  check: ({ node }, scope) =>
    alterCommandsOf(node, "AT_ValidateConstraint")
      .filter(({ table }) => !isOwnTable(scope, table) && hasCompany(node, table, scope))
      .map(({ table, command }) => ({ object: `${show(table)}.${command.name ?? ""}` })),
};

function hasCompany(node: Node, table: Name, scope: Scope): boolean {
  const others = besides(scope, table).filter((view) => view.node !== node);
  return (
    locks(node, scope).length > 0 ||
    others.some((view) => locks(view.node, scope).some((name) => keyOf(name) === keyOf(table)))
  );
}

function locks(node: Node, scope: Scope): readonly Name[] {
  const keys = addedConstraints(node).map(({ table }) => table);
  return [...stronglyLocked(node, scope), ...keys];
}
