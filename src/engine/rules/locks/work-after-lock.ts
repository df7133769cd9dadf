import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { writesIn } from "../writes.ts";

export const workAfterLock: Rule = {
  id: "L17",
  name: "work-after-lock",
  group: "locks",
  severity: "warning",
  detects: "Work that takes long, behind a statement that locks a table against everybody",
  why: "A lock is held until the transaction ends: nobody reads the locked table while this statement works.",
  rewrite: "Put the work into a migration of its own, or the locking statement last.",
  check: ({ node }, { profile, position }) => {
    const first = profile.lockedBefore[position]?.first;
    if (profile.slow[position] !== true || first === undefined) return [];
    // Indexes and rows are the matter of L01 and D12, which say more.
    const isTold = "IndexStmt" in node || writesIn(node).length > 0;
    const object = show(first);
    const why = `${object} stays locked against every reader while this statement works.`;
    return [isTold ? { object, why, severity: "info" } : { object, why }];
  },
};
