import { addedColumns, constraintsOf } from "../alter-table.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const generatedStored: Rule = {
  id: "R04",
  name: "generated-stored",
  group: "rewrites",
  severity: "warning",
  detects: "ADD COLUMN GENERATED … STORED",
  why: "Every row's value is computed and stored, so the table is rewritten under an ACCESS EXCLUSIVE lock.",
  rewrite:
    "A plain column that a trigger fills, backfilled in batches; on PostgreSQL 18 a VIRTUAL one is free.",
  check: ({ node }, scope) =>
    addedColumns(node)
      .filter(({ table }) => !isOwnTable(scope, table))
      .filter(({ column }) =>
        constraintsOf(column).some(
          ({ contype, generated_kind }) => contype === "CONSTR_GENERATED" && generated_kind !== "v",
        ),
      )
      .map(({ table, column }) => ({ object: `${show(table)}.${column.colname ?? ""}` })),
};
