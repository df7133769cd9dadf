import type { Node } from "../../sql/parse.ts";
import { addedColumns, alterCommandsOf, constraintsOf } from "../alter-table.ts";
import { show } from "../names.ts";
import type { Hit, Rule } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";

export const generatedStored: Rule = {
  id: "R04",
  name: "generated-stored",
  group: "rewrites",
  severity: "warning",
  detects: "ADD COLUMN GENERATED … STORED, and SET EXPRESSION",
  why: "Every row's value is computed and stored, so the table is rewritten under an ACCESS EXCLUSIVE lock.",
  rewrite:
    "A plain column that a trigger fills, backfilled in batches; on PostgreSQL 18 a VIRTUAL one is free.",
  check: ({ node }, scope) => [...added(node, scope), ...changed(node, scope)],
};

function added(node: Node, scope: Scope): readonly Hit[] {
  return addedColumns(node)
    .filter(({ table }) => !isOwnTable(scope, table))
    .filter(({ column }) =>
      constraintsOf(column).some(
        ({ contype, generated_kind }) => contype === "CONSTR_GENERATED" && generated_kind !== "v",
      ),
    )
    .map(({ table, column }) => ({ object: `${show(table)}.${column.colname ?? ""}` }));
}

/** A virtual column's expression is free to change; the text does not tell which it is. */
function changed(node: Node, scope: Scope): readonly Hit[] {
  return alterCommandsOf(node, "AT_SetExpression")
    .filter(({ table }) => !isOwnTable(scope, table))
    .map(({ table, command: { name = "" } }) => ({ object: `${show(table)}.${name}` }));
}
