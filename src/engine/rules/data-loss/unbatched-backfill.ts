import { show } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable } from "../scope.ts";
import { writesIn } from "../writes.ts";

export const unbatchedBackfill: Rule = {
  id: "D12",
  name: "unbatched-backfill",
  group: "data-loss",
  severity: "warning",
  detects: "UPDATE or DELETE of many rows beside changes of the schema",
  why: "All the rows stay locked, and the schema change too, until the last of them is written.",
  rewrite:
    "Change the schema first; then the rows in batches by key, in a migration or run_phase of its own.",
  check: ({ node }, scope) => {
    const { profile, position } = scope;
    return writesIn(node).flatMap(({ kind, table, isTemporary }): readonly Hit[] => {
      if ((kind !== "update" && kind !== "delete") || isTemporary || isOwnTable(scope, table)) return [];
      if (profile.slow[position] !== true) return [];

      return [profile.hasLocks ? { object: show(table) } : { object: show(table), severity: "info" }];
    });
  },
};
