import { tablesMade, rowSecurityAfter, whereItLands } from "../exposed-tables.ts";
import { droppedObjects } from "../ledger.ts";
import { show, keyOf, isExposed, type Name } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { following, type Scope } from "../scope.ts";

export const tableWithoutRls: Rule = {
  id: "S01",
  name: "table-without-rls",
  group: "security",
  severity: "error",
  detects: "A table in an exposed schema without row level security",
  why: "Whoever has the project's public key reads and writes every row through the API.",
  rewrite:
    "alter table … enable row level security, in the same migration, and a policy for whom it is meant.",
  check: ({ node }, scope) =>
    tablesMade(node).flatMap((table): readonly Hit[] => {
      if (!isExposed(table.schema) || scope.live?.isSupabase === false) return [];
      if (rowSecurityAfter(table, scope) === true || isDroppedAgain(table, scope)) return [];
      const object = show(table);
      if (scope.outcome.maySecure(keyOf(table)) && scope.after === undefined)
        return [
          {
            object,
            severity: "info",
            needs: "whether the loop that enables row level security reaches this table",
          },
        ];
      return [{ object, ...whereItLands(table, scope) }];
    }),
};

function isDroppedAgain(table: Name, scope: Scope): boolean {
  return following(scope, table).some(({ node }) =>
    droppedObjects(node, "OBJECT_TABLE").some(({ name }) => keyOf(name) === keyOf(table)),
  );
}
