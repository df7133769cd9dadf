import { addedColumns, createdColumns } from "../alter-table.ts";
import { readType } from "../expressions.ts";
import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";

export const jsonType: Rule = {
  id: "R07",
  name: "json-type",
  group: "rewrites",
  severity: "warning",
  detects: "A column of type json",
  why: "json has no equality: DISTINCT, GROUP BY and UNION over the column fail, and no index helps.",
  rewrite: "jsonb.",
  check: ({ node }) => {
    const made =
      "CreateStmt" in node
        ? createdColumns(node).map((column) => ({ table: nameOfRange(node.CreateStmt.relation), column }))
        : [];
    return [...made, ...addedColumns(node)]
      .filter(({ column }) => readType(column.typeName).name === "json")
      .map(({ table, column }) => ({ object: `${show(table)}.${column.colname ?? ""}` }));
  },
};
