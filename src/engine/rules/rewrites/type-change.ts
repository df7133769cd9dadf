import { alterCommandsOf } from "../alter-table.ts";
import { isFreeChange } from "../column-types.ts";
import { readType } from "../expressions.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const typeChange: Rule = {
  id: "R01",
  name: "type-change",
  group: "rewrites",
  severity: "warning",
  detects: "ALTER COLUMN TYPE that is not a change of the catalog alone",
  why: "It rewrites the table and all its indexes under an ACCESS EXCLUSIVE lock.",
  rewrite:
    "Add a column of the new type, keep it in step by a trigger, backfill in batches, then swap the names.",
  check: ({ node }, scope) =>
    alterCommandsOf(node, "AT_AlterColumnType").flatMap(
      ({ table, command: { name = "", def }, objectType }) => {
        if (objectType === "OBJECT_TYPE" || isOwnTable(scope, table)) return [];
        const next = readType(def !== undefined && "ColumnDef" in def ? def.ColumnDef.typeName : undefined);
        const hasUsing = def !== undefined && "ColumnDef" in def && def.ColumnDef.raw_default !== undefined;
        const old = scope.live?.findPart("column", table, name)?.attributes["type"];
        const object = `${show(table)}.${name}`;
        if (typeof old !== "string")
          return [{ object, needs: "the column's type now: a wider varchar or text would be free" }];
        return !hasUsing && !next.isArray && isFreeChange(old, next)
          ? [
              {
                object,
                severity: "info",
                why: `From ${old} it changes the catalog alone; it still locks the table for a moment.`,
              },
            ]
          : [{ object }];
      },
    ),
};
