import { isRecord, namesOf } from "../../sql/walk-tree.ts";
import { columnsIn } from "../expressions.ts";
import { constantText, isAlwaysFalse, isAlwaysTrue, isSameForEveryRow } from "../../sql/always-true.ts";
import { partKey } from "../ledger.ts";
import { show, type Name } from "../names.ts";
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
      if (condition !== undefined && !isAlwaysTrue(condition)) {
        const why = faintly(write);
        return why === undefined ? [] : [{ object, severity: "warning", why }];
      }
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

/** Why a condition that can be false still guards next to nothing. */
function faintly({ kind, table, condition }: TableWrite): string | undefined {
  if (kind === "delete" && keepsOnlyNulls(condition))
    return "The condition holds for every row that has a value there: a key always has.";
  if (isPositiveKey(condition)) return "The condition holds for every ordinary key.";
  if (findsItself(condition, table)) return "The condition finds every row of the table in the table.";
  return isSameForEveryRow(condition) && !isAlwaysFalse(condition)
    ? "The condition asks nothing of the row: it holds for every row, or for none."
    : undefined;
}

/** `where id is not null` is how a condition is given for form's sake. */
function keepsOnlyNulls(condition: unknown): boolean {
  if (!isRecord(condition) || !isRecord(condition["NullTest"])) return false;
  return condition["NullTest"]["nulltesttype"] === "IS_NOT_NULL";
}

/** `id > 0`, `id >= 1` and their like. */
function isPositiveKey(condition: unknown): boolean {
  const comparison = isRecord(condition) ? condition["A_Expr"] : undefined;
  if (!isRecord(comparison)) return false;
  const column = columnsIn(comparison["lexpr"]);
  const operator = namesOf(comparison["name"]).at(-1) ?? "";
  return (
    column.length === 1 &&
    column[0] === "id" &&
    [">0", ">=0", ">=1", "<>0"].includes(`${operator}${constantText(comparison["rexpr"]) ?? ""}`)
  );
}

/** `id in (select id from t)` of t itself. */
function findsItself(condition: unknown, table: Name): boolean {
  const link = isRecord(condition) ? condition["SubLink"] : undefined;
  const query = isRecord(link) && isRecord(link["subselect"]) ? link["subselect"]["SelectStmt"] : undefined;
  if (!isRecord(query) || !Array.isArray(query["fromClause"])) return false;
  const narrows = ["whereClause", "limitCount", "havingClause", "groupClause"].some(
    (clause) => query[clause] !== undefined,
  );
  const [source, ...others]: readonly unknown[] = query["fromClause"];
  const range = isRecord(source) ? source["RangeVar"] : undefined;
  return !narrows && others.length === 0 && isRecord(range) && isSameTable(range, table);
}

function isSameTable(range: Readonly<Record<string, unknown>>, { schema, name }: Name): boolean {
  return range["relname"] === name && range["schemaname"] === schema;
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
