import { show } from "../names.ts";
import { renameOf } from "../renames.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const renameTable: Rule = {
  id: "C01",
  name: "rename-table",
  group: "compatibility",
  severity: "warning",
  detects: "RENAME of a table, view, materialized view or foreign table",
  why: "Every client that still names it fails, and so do functions whose bodies do.",
  rewrite: "Rename it and leave a view under the old name until no client uses it (with security_invoker).",
  check: ({ node }, scope) => {
    const rename = renameOf(node);
    if (rename === undefined || !/^OBJECT_(?:TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/.test(rename.kind)) return [];
    return isOwnTable(scope, rename.object) ? [] : [{ object: show(rename.object) }];
  },
};
