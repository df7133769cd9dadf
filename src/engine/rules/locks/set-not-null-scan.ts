import type { Node } from "../../sql/parse.ts";
import { namesOf } from "../../sql/walk-tree.ts";
import { alterCommandsOf, addedConstraints } from "../alter-table.ts";
import { columnsIn } from "../expressions.ts";
import { show, keyOf, type Name } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable, preceding, type Scope } from "../scope.ts";

export const setNotNullScan: Rule = {
  id: "L05",
  name: "set-not-null-scan",
  group: "locks",
  severity: "warning",
  detects: "SET NOT NULL without a valid CHECK (column IS NOT NULL) before it",
  why: "It reads the whole table under an ACCESS EXCLUSIVE lock, and fails where a row holds null.",
  rewrite:
    "Add CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in the next migration, then SET NOT NULL (no scan) and drop the check.",
  check: ({ node }, scope) => {
    const set = alterCommandsOf(node, "AT_SetNotNull").map(({ table, command }) => ({
      table,
      column: command.name ?? "",
    }));
    const added = addedConstraints(node).flatMap(({ table, constraint, column }) =>
      constraint.contype === "CONSTR_NOTNULL" && column === undefined && constraint.skip_validation !== true
        ? [{ table, column: namesOf(constraint.keys)[0] ?? "" }]
        : [],
    );
    return [...set, ...added]
      .filter(({ table, column }) => !isOwnTable(scope, table) && !isProved(table, column, scope))
      .map(({ table, column }) => ({ object: `${show(table)}.${column}` }));
  },
};

/** A validated check in the live schema, or one that this migration validates first, spares the scan (PostgreSQL 12 and later). */
function isProved(table: Name, column: string, scope: Scope): boolean {
  const proof = new RegExp(`^CHECK \\(+"?${column.replaceAll(/\W/g, "\\$&")}"? IS NOT NULL\\)+$`, "i");
  const isLive = scope.live
    ?.partsOf("constraint", table)
    .some(
      ({ attributes, statement = "" }) => attributes["notValid"] !== true && proof.test(statement.trim()),
    );
  if (isLive === true) return true;
  const before = preceding(scope, table);
  const checks = before.flatMap(({ node }) =>
    addedConstraints(node).flatMap(({ table: of, constraint }) =>
      keyOf(of) === keyOf(table) && isNotNullCheck(constraint.raw_expr, column) ? [constraint] : [],
    ),
  );
  return checks.some(
    ({ skip_validation, conname }) =>
      skip_validation !== true ||
      before.some(({ node }) =>
        alterCommandsOf(node, "AT_ValidateConstraint").some(({ command }) => command.name === conname),
      ),
  );
}

function isNotNullCheck(expression: Node | undefined, column: string): boolean {
  if (expression === undefined || !("NullTest" in expression)) return false;
  const { nulltesttype, arg } = expression.NullTest;
  return nulltesttype === "IS_NOT_NULL" && columnsIn({ arg })[0] === column;
}
