import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, type AttributeRule } from "../attribute-rules.ts";
import { ownerNameOf, referTo } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isSet, listOf, textOf } from "../world.ts";

/** ALTER POLICY can change an expression but not take it away. */
const expression =
  (words: string): AttributeRule =>
  (change, { to }) => [
    { sql: `alter ${referTo(to)} ${words} (${String(change.after)})`, hazards: ["AUTHZ_UPDATE"] },
  ];

const attributes = alterByAttribute({
  command: "replace",
  restrictive: "replace",
  roles: (_change, { to }) => [{ sql: `alter ${referTo(to)} to ${roles(to)}`, hazards: ["AUTHZ_UPDATE"] }],
  using: expression("using"),
  check: expression("with check"),
});

/** Row security policies. */
export const policy: Rule = {
  rank: 86,
  create: (fact) => [{ sql: definePolicy(fact), hazards: ["AUTHZ_UPDATE"] }],
  drop: (fact) => [{ sql: `drop ${referTo(fact)}`, hazards: ["AUTHZ_UPDATE"] }],
  decide: (alteration) => {
    const takesAway = ["using", "check"].some(
      (name) => alteration.changed.has(name) && alteration.changed.get(name)?.after === undefined,
    );
    return takesAway ? { kind: "replace" } : attributes.decide(alteration);
  },
  alter: attributes.alter,
  react: () => "replace",
};

function definePolicy(fact: Fact): string {
  const using = textOf(fact, "using");
  const check = textOf(fact, "check");
  return [
    `create policy ${quoteIdentifier(fact.id.name)} on ${ownerNameOf(fact.id)}`,
    `  as ${isSet(fact, "restrictive") ? "restrictive" : "permissive"}`,
    `  for ${textOf(fact, "command") ?? "all"}`,
    `  to ${roles(fact)}`,
    ...(using === undefined ? [] : [`  using (${using})`]),
    ...(check === undefined ? [] : [`  with check (${check})`]),
  ].join("\n");
}

function roles(fact: Fact): string {
  const names = listOf(fact, "roles");
  return names.length === 0 ? "public" : names.map(quoteIdentifier).join(", ");
}
