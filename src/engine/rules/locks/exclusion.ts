import { addedConstraints } from "../alter-table.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const exclusion: Rule = {
  id: "L10",
  name: "exclusion",
  group: "locks",
  severity: "warning",
  detects: "ADD EXCLUDE",
  why: "It builds an index and reads the table twice under an ACCESS EXCLUSIVE lock, and there is no way online.",
  rewrite: "Do it in a maintenance window, or in a new table that takes the old one's place.",
  check: ({ node }, scope) =>
    addedConstraints(node)
      .filter(
        ({ table, constraint }) => constraint.contype === "CONSTR_EXCLUSION" && !isOwnTable(scope, table),
      )
      .map(({ table }) => ({ object: show(table) })),
};
