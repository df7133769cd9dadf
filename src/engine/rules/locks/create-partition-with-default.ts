import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const createPartitionWithDefault: Rule = {
  id: "L14",
  name: "create-partition-with-default",
  group: "locks",
  severity: "warning",
  detects: "CREATE TABLE … PARTITION OF a table with a default partition",
  why: "It locks the table and its default partition against everybody, and reads the default partition.",
  rewrite: "CREATE TABLE with a CHECK that implies the bounds, then ATTACH PARTITION.",
  check: ({ node }, scope) => {
    if (!("CreateStmt" in node) || node.CreateStmt.partbound === undefined) return [];
    const [first] = node.CreateStmt.inhRelations ?? [];
    const range = first !== undefined && "RangeVar" in first ? first.RangeVar : undefined;
    if (isOwnTable(scope, range)) return [];
    const parent = nameOfRange(range);
    const object = show(parent);
    if (scope.live === undefined)
      return [{ object, severity: "info", needs: "whether the table has a default partition" }];
    const parentKey = scope.live.find("table", parent)?.key;
    const hasDefault = scope.live
      .all("table")
      .some(
        ({ attributes }) =>
          attributes["partitionBound"] === "DEFAULT" && attributes["partitionOf"] === parentKey,
      );
    return hasDefault ? [{ object }] : [];
  },
};
