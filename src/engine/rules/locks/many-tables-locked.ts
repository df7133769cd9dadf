import { keyOf, show } from "../names.ts";
import type { Rule } from "../rule.ts";

export const manyTablesLocked: Rule = {
  id: "L18",
  name: "many-tables-locked",
  group: "locks",
  severity: "warning",
  detects: "ACCESS EXCLUSIVE locks on two or more tables in one transaction",
  why: "Whoever uses the tables in another order deadlocks with it, and a wait for one keeps the others locked.",
  rewrite: "One table a migration.",
  check: (_view, { profile, position }) => {
    const mine = profile.locks[position] ?? [];
    const before = profile.lockedBefore[position];
    // Told once, where the second table is locked.
    if (mine.length === 0 || before === undefined || before.count > 1) return [];
    const all = new Map(
      [...(before.first === undefined ? [] : [before.first]), ...mine].map((name) => [
        keyOf(name),
        show(name),
      ]),
    );
    return all.size < 2 ? [] : [{ object: [...all.values()].join(", ") }];
  },
};
