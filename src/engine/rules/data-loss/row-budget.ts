import { mostRowsAtOnce } from "../../model/effects.ts";
import { show } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable } from "../scope.ts";
import { writesIn } from "../writes.ts";

export const rowBudget: Rule = {
  id: "D11",
  name: "row-budget",
  group: "data-loss",
  severity: "warning",
  detects:
    "UPDATE and DELETE that no key bounds, of a live table with more than 10,000 rows; a rehearsal counts them",
  why: "Every row stays locked until the last is written, and each leaves a dead one behind.",
  rewrite: "Write the rows in batches by key: run_phase does so, and goes on where it was stopped.",
  check: ({ node }, scope) =>
    scope.profile.slow[scope.position] !== true
      ? []
      : writesIn(node).flatMap(({ kind, table }): readonly Hit[] => {
          const rows = scope.live?.rowsOf(table) ?? 0;
          if ((kind !== "update" && kind !== "delete") || isOwnTable(scope, table) || rows <= mostRowsAtOnce)
            return [];
          const why = `The table holds about ${rows} rows, and all that are written stay locked until the last is.`;
          return [{ object: show(table), why }];
        }),
};
