import { addedConstraints } from "../alter-table.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const uniqueDirect: Rule = {
  id: "L08",
  name: "unique-direct",
  group: "locks",
  severity: "warning",
  detects: "ADD UNIQUE that builds its index itself",
  why: "It builds the index under an ACCESS EXCLUSIVE lock: nobody reads or writes the table until then.",
  rewrite: "CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … UNIQUE USING INDEX.",
  check: ({ node }, scope) =>
    addedConstraints(node)
      .filter(
        ({ table, constraint }) =>
          constraint.contype === "CONSTR_UNIQUE" &&
          constraint.indexname === undefined &&
          !isOwnTable(scope, table),
      )
      .map(({ table }) => ({ object: show(table) })),
};
