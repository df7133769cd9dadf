import { addedConstraints } from "../alter-table.ts";
import { show, type Name } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";

export const pkDirect: Rule = {
  id: "L09",
  name: "pk-direct",
  group: "locks",
  severity: "warning",
  detects: "ADD PRIMARY KEY that builds its index itself, or USING INDEX on columns that may be null",
  why: "It builds the index, and reads the table for nulls, under an ACCESS EXCLUSIVE lock.",
  rewrite:
    "Make the columns NOT NULL first, CREATE UNIQUE INDEX CONCURRENTLY, then ADD PRIMARY KEY USING INDEX.",
  check: ({ node }, scope) =>
    addedConstraints(node)
      .filter(({ table, constraint }) => constraint.contype === "CONSTR_PRIMARY" && !isOwnTable(scope, table))
      .map(({ table, constraint }) =>
        constraint.indexname === undefined ? { object: show(table) } : describeUsing(table, scope),
      ),
};

function describeUsing(table: Name, scope: Scope): Hit {
  const columns = scope.live?.partsOf("column", table);
  const why =
    "USING INDEX still reads the whole table under the lock where a key column is not NOT NULL yet.";
  const hit = { object: show(table), why, severity: "info" } as const;
  return columns === undefined ? { ...hit, needs: "whether the key columns are NOT NULL already" } : hit;
}
