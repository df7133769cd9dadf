import { alterByAttribute, ownerOf, ownership } from "../attribute-rules.ts";
import { literal, nameOf } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isSet, textOf } from "../world.ts";

/** Base types: a shell first, for the functions that read and write them name the type themselves. */
export const baseType: Rule = {
  rank: 16,
  create: (fact, world) => {
    const shell = { sql: `create type ${nameOf(fact.id)}`, place: "early" } as const;
    if (isSet(fact, "shell")) return [{ sql: shell.sql }, ...ownerOf(fact, world)];
    return [shell, { sql: defineType(fact) }, ...ownerOf(fact, world)];
  },
  drop: (fact) => [{ sql: `drop type ${nameOf(fact.id)} cascade`, hazards: ["DELETES_DATA"] }],
  decide: ({ changed }) =>
    [...changed.keys()].every((name) => name.startsWith("owner"))
      ? { kind: "alter" }
      : { kind: "refuse", reason: "A base type cannot change while columns may hold its values." },
  alter: alterByAttribute(ownership).alter,
  react: () => "keep",
};

function defineType(fact: Parameters<Rule["create"]>[0]): string {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ["input", textOf(fact, "input")],
    ["output", textOf(fact, "output")],
    ["receive", textOf(fact, "receive")],
    ["send", textOf(fact, "send")],
    ["typmod_in", textOf(fact, "modifierInput")],
    ["typmod_out", textOf(fact, "modifierOutput")],
    ["analyze", textOf(fact, "analyze")],
    ["subscript", textOf(fact, "subscript")],
    ["internallength", lengthOf(textOf(fact, "length"))],
    ["alignment", textOf(fact, "alignment")],
    ["storage", textOf(fact, "storage")],
    ["category", quoted(textOf(fact, "category"))],
    ["preferred", isSet(fact, "preferred") ? "true" : undefined],
    ["default", quoted(textOf(fact, "default"))],
    ["element", textOf(fact, "element")],
    ["delimiter", quoted(textOf(fact, "delimiter"))],
    ["collatable", isSet(fact, "collatable") ? "true" : undefined],
  ];
  const written = parts.flatMap(([word, value]) => (value === undefined ? [] : [`${word} = ${value}`]));
  return `create type ${nameOf(fact.id)} (${[...written, ...(isSet(fact, "byValue") ? ["passedbyvalue"] : [])].join(", ")})`;
}

function lengthOf(length: string | undefined): string | undefined {
  return length === "-1" ? "variable" : length;
}

function quoted(value: string | undefined): string | undefined {
  return value === undefined ? undefined : literal(value);
}
