import type { Rule } from "../rule.ts";
import { isTidying, judgeTimeout, timeoutSet } from "../set-timeout.ts";

/** Longer than this, a waiting ALTER TABLE keeps every later reader waiting behind it. */
const longestMs = 10_000;

export const lockTimeout: Rule = {
  id: "L20",
  name: "lock-timeout",
  group: "locks",
  severity: "warning",
  detects: "lock_timeout set to nothing or to more than ten seconds",
  why: "A statement that waits for its lock keeps everybody waiting who comes after it.",
  rewrite: "Leave lock_timeout to Godwit, which waits briefly and tries again.",
  check: ({ node }, scope) => {
    const set = timeoutSet(node, "lock_timeout");
    if (set === undefined) return [];
    const isHarmless =
      scope.isDump || isTidying(set.value, scope) || judgeTimeout(set.value, longestMs) === "fine";
    const object = "lock_timeout";
    return [isHarmless ? { object, severity: "info" } : { object }];
  },
};
