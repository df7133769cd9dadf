import { alterByAttribute, ownership, type AttributeRule } from "../attribute-rules.ts";
import { referTo } from "../names.ts";
import type { Rule } from "../rule.ts";
import { listOf } from "../world.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";

const words: Readonly<Record<string, string>> = {
  binary: "binary",
  streaming: "streaming",
  synchronousCommit: "synchronous_commit",
  disableOnError: "disable_on_error",
  runAsOwner: "run_as_owner",
  origin: "origin",
  failover: "failover",
};

const option: AttributeRule = (change, { to, changed }) => {
  const [name] = [...changed].find(([, candidate]) => candidate === change) ?? [""];
  const value = change.after ?? { streaming: "off", synchronousCommit: "off", origin: "any" }[name] ?? false;
  return [{ sql: `alter ${referTo(to)} set (${words[name] ?? name} = ${String(value)})` }];
};

/** Subscriptions: altered, but never made, since their connection holds a secret that no catalog shows. */
export const subscription: Rule = {
  rank: 96,
  create: () => [],
  // Without its slot it can be dropped in a transaction; the slot stays on the publishing server.
  drop: (fact) => [
    { sql: `alter ${referTo(fact)} disable` },
    { sql: `alter ${referTo(fact)} set (slot_name = none)`, hazards: ["HAS_UNTRACKABLE_DEPENDENCIES"] },
    { sql: `drop ${referTo(fact)}` },
  ],
  ...alterByAttribute({
    ...ownership,
    enabled: (change, { to }) => [
      { sql: `alter ${referTo(to)} ${change.after === true ? "enable" : "disable"}` },
    ],
    publications: (_change, { to }) => [
      {
        sql: `alter ${referTo(to)} set publication ${listOf(to, "publications").map(quoteIdentifier).join(", ")} with (refresh = false)`,
      },
    ],
    slot: { refuse: "The slot of a subscription belongs to the publishing server." },
    twoPhase: { refuse: "Two-phase commit of a subscription is set when it is made." },
    passwordNotRequired: { refuse: "Only a superuser decides whether a subscription needs a password." },
    binary: option,
    streaming: option,
    synchronousCommit: option,
    disableOnError: option,
    runAsOwner: option,
    origin: option,
    failover: option,
  }),
  react: () => "keep",
};
