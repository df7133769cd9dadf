import { databaseKey, type Fact } from "../../../model/catalog.ts";
import { literal, nameOf, ofDatabase, referTo } from "../names.ts";
import type { Draft, Rule } from "../rule.ts";
import { textOf, type Side } from "../world.ts";

/** Comments on objects. */
export const comment: Rule = {
  rank: 90,
  create: (fact, world) => commentOn(fact, world.to, literal(textOf(fact, "text") ?? "")),
  drop: (fact, world) => commentOn(fact, world.from, "null"),
  decide: () => ({ kind: "alter" }),
  alter: ({ to }, world) => commentOn(to, world.to, literal(textOf(to, "text") ?? "")),
  react: () => "replace",
};

/** Security labels; their provider is the fact's name. */
export const securityLabel: Rule = {
  ...comment,
  rank: 91,
  create: (fact, world) => labelOn(fact, world.to, literal(textOf(fact, "label") ?? "")),
  drop: (fact, world) => labelOn(fact, world.from, "null"),
  alter: ({ to }, world) => labelOn(to, world.to, literal(textOf(to, "label") ?? "")),
};

function commentOn(fact: Fact, side: Side, text: string): readonly Draft[] {
  if (fact.id.on === databaseKey) return [{ sql: ofDatabase("comment on database ", ` is ${text}`) }];
  const object = fact.id.on === undefined ? undefined : side.facts.get(fact.id.on);
  if (object === undefined) return [];
  const subject = fact.id.signature === "index" ? `index ${nameOf(object.id)}` : referTo(object);
  return [{ sql: `comment on ${subject} is ${text}` }];
}

function labelOn(fact: Fact, side: Side, label: string): readonly Draft[] {
  const object = fact.id.on === undefined ? undefined : side.facts.get(fact.id.on);
  if (object === undefined) return [];
  return [
    {
      sql: `security label for ${fact.id.name} on ${referTo(object)} is ${label}`,
      hazards: ["AUTHZ_UPDATE"],
    },
  ];
}
