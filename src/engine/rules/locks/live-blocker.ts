import { show } from "../names.ts";
import type { Rule } from "../rule.ts";

export const liveBlocker: Rule = {
  id: "L26",
  name: "live-blocker",
  group: "locks",
  severity: "warning",
  detects: "A table that is to be locked, and that another session has held for long",
  why: "The statement waits for the session, and whoever uses the table meanwhile waits behind the statement.",
  rewrite:
    "Let the session end, or end it, and apply then; Godwit waits briefly, steps back and tries again.",
  check: (_view, { profile, position, live }) =>
    (profile.locks[position] ?? []).flatMap((table) => {
      const holder = live?.holderOf(table);
      return holder === undefined
        ? []
        : [
            {
              object: show(table),
              why: `${holder} holds the table: the statement waits for it, and others behind.`,
            },
          ];
    }),
};
