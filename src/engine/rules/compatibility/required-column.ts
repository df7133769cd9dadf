import { addedColumns, hasConstraint } from "../alter-table.ts";
import { readType } from "../expressions.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const requiredColumn: Rule = {
  id: "C05",
  name: "required-column",
  group: "compatibility",
  severity: "warning",
  detects: "ADD COLUMN NOT NULL without a default",
  why: "It fails where the table holds a row, and clients that do not know the column can no longer insert.",
  rewrite: "Give it a default, or add it nullable, backfill it, and make it NOT NULL later.",
  check: ({ node }, scope) =>
    addedColumns(node)
      .filter(({ table, column }) => !isOwnTable(scope, table) && isRequired(column))
      .map(({ table, column }) => {
        const rows = scope.live?.rowsOf(table) ?? 0;
        const object = `${show(table)}.${column.colname ?? ""}`;
        return rows > 0
          ? { object, severity: "error", why: `It fails: the table holds about ${rows} rows.` }
          : { object };
      }),
};

function isRequired(column: Parameters<typeof hasConstraint>[0]): boolean {
  if (!hasConstraint(column, "CONSTR_NOTNULL", "CONSTR_PRIMARY")) return false;
  const isNumbered = /^(?:small|big)?serial[248]?$/.test(readType(column.typeName).name);
  return !isNumbered && !hasConstraint(column, "CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED");
}
