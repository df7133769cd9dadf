import { alterCommandsOf } from "../alter-table.ts";
import { droppedObjects } from "../ledger.ts";
import { show, toName, keyOf, type Name } from "../names.ts";
import type { Rule } from "../rule.ts";
import { preceding, type Scope } from "../scope.ts";

export const viewColumns: Rule = {
  id: "C07",
  name: "view-columns",
  group: "compatibility",
  severity: "warning",
  detects: "ALTER COLUMN TYPE or DROP COLUMN of a column that views use",
  why: "It fails with 0A000 or 2BP01 while a view uses the column.",
  rewrite: "Drop the views first and make them again behind it, in the same migration.",
  check: ({ node }, scope) =>
    alterCommandsOf(node, "AT_AlterColumnType", "AT_DropColumn").flatMap(
      ({ table, command: { name = "" } }) => {
        const column = scope.live?.findPart("column", table, name);
        if (scope.live === undefined || column === undefined) return [];
        const views = scope.live
          .dependantsOf(column)
          .filter(
            ({ kind, id }) =>
              (kind === "view" || kind === "materialized_view") &&
              !isDropped(toName([id.schema ?? "", id.name]), scope),
          );
        if (views.length === 0) return [];
        return [
          {
            object: `${show(table)}.${name}`,
            why: `It fails while these use the column: ${views.map(({ key }) => key).join(", ")}.`,
          },
        ];
      },
    ),
};

function isDropped(view: Name, scope: Scope): boolean {
  return preceding(scope, view).some(({ node }) =>
    droppedObjects(node, "OBJECT_VIEW", "OBJECT_MATVIEW").some(({ name }) => keyOf(name) === keyOf(view)),
  );
}
