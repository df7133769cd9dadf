import { partKey } from "../ledger.ts";
import { show } from "../names.ts";
import { renameOf } from "../renames.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable, isNew } from "../scope.ts";

export const renameColumn: Rule = {
  id: "C02",
  name: "rename-column",
  group: "compatibility",
  severity: "warning",
  detects: "RENAME of a column or of a type's attribute",
  why: "Every client that still names it fails, generated types are wrong, and functions whose bodies name it fail.",
  rewrite: "Add the new column, keep both in step, and drop the old one when no client uses it.",
  check: ({ node }, scope) => {
    const rename = renameOf(node);
    if (rename === undefined || !/^OBJECT_(?:COLUMN|ATTRIBUTE)$/.test(rename.kind)) return [];
    const isNewColumn = scope.made.has("column", partKey(rename.object, rename.from));
    if (isOwnTable(scope, rename.object) || isNewColumn || isNew(scope, "type", rename.object)) return [];
    return [{ object: `${show(rename.object)}.${rename.from}` }];
  },
};
