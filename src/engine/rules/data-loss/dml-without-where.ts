import { isRecord } from "../../sql/walk-tree.ts";
import { isAlwaysTrue } from "../expressions.ts";
import { partKey } from "../ledger.ts";
import { show } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";
import { writesIn, type TableWrite } from "../writes.ts";

export const dmlWithoutWhere: Rule = {
  id: "D05",
  name: "dml-without-where",
  group: "data-loss",
  severity: "error",
  detects: "UPDATE and DELETE without a condition, or with one that always holds, also inside WITH",
  why: "It changes every row of the table.",
  rewrite: "Say which rows, and change many of them in batches.",
  check: ({ node }, scope) =>
    writesIn(node).flatMap((write): readonly Hit[] => {
      const { kind, table, condition, isTemporary } = write;
      if (isTemporary || isOwnTable(scope, table) || (kind !== "update" && kind !== "delete")) return [];
      const object = show(table);
      if (condition !== undefined && !isAlwaysTrue(condition))
        return keepsOnlyNulls(kind, condition)
          ? [
              {
                object,
                severity: "warning",
                why: "The condition holds for every row that has a value there: a key always has.",
              },
            ]
          : [];
      if (joinsOthers(write))
        return [
          {
            object,
            severity: "warning",
            why: "Without a condition every row is paired with every row of the other table.",
          },
        ];
      if (kind === "update" && fillsNewColumns(write, scope)) return [];
      return [{ object }];
    }),
};

/** `where id is not null` is how a condition is given for form's sake. */
function keepsOnlyNulls(kind: TableWrite["kind"], condition: unknown): boolean {
  if (kind !== "delete" || !isRecord(condition) || !isRecord(condition["NullTest"])) return false;
  return condition["NullTest"]["nulltesttype"] === "IS_NOT_NULL";
}

function joinsOthers({ fields }: TableWrite): boolean {
  return fields["fromClause"] !== undefined || fields["usingClause"] !== undefined;
}

/** A column that this migration added holds nothing yet; that it is filled at once is the matter of D12. */
function fillsNewColumns({ table, fields }: TableWrite, scope: Scope): boolean {
  const targets: readonly unknown[] = Array.isArray(fields["targetList"]) ? fields["targetList"] : [];
  const columns = targets.map((each) =>
    isRecord(each) && isRecord(each["ResTarget"]) ? String(each["ResTarget"]["name"] ?? "") : "",
  );
  return columns.every((column) => scope.made.has("column", partKey(table, column)));
}
