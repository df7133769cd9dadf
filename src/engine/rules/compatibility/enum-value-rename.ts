import { show, nameOfList } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isNew } from "../scope.ts";

export const enumValueRename: Rule = {
  id: "C04",
  name: "enum-value-rename",
  group: "compatibility",
  severity: "warning",
  detects: "ALTER TYPE … RENAME VALUE",
  why: "Clients and functions that still write or compare the old value fail.",
  rewrite: "Add the new value, move the rows, and stop using the old one.",
  check: ({ node }, scope) => {
    if (!("AlterEnumStmt" in node) || node.AlterEnumStmt.oldVal === undefined) return [];
    const type = nameOfList(node.AlterEnumStmt.typeName);
    return isNew(scope, "type", type) ? [] : [{ object: show(type) }];
  },
};
