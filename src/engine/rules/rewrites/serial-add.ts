import { addedColumns, hasConstraint } from "../alter-table.ts";
import { readType } from "../expressions.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const serialAdd: Rule = {
  id: "R03",
  name: "serial-add",
  group: "rewrites",
  severity: "warning",
  detects: "ADD COLUMN serial or GENERATED AS IDENTITY",
  why: "Every row gets a number, so the table is rewritten under an ACCESS EXCLUSIVE lock.",
  rewrite:
    "Add a nullable column and a sequence, SET DEFAULT nextval for new rows, backfill the old ones in batches.",
  check: ({ node }, scope) =>
    addedColumns(node)
      .filter(
        ({ table, column }) =>
          !isOwnTable(scope, table) &&
          (/^(?:small|big)?serial[248]?$/.test(readType(column.typeName).name) ||
            hasConstraint(column, "CONSTR_IDENTITY")),
      )
      .map(({ table, column }) => ({ object: `${show(table)}.${column.colname ?? ""}` })),
};
