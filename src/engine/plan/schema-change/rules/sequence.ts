import type { Fact } from "../../../model/catalog.ts";
import { alterByAttribute, ownership, ownerOf, ownerRule, type AttributeRule } from "../attribute-rules.ts";
import { nameOf, qualify, referTo } from "../names.ts";
import type { Alteration, Draft, Rule } from "../rule.ts";
import { isComing, isGoing, isSet, keyOf, textOf, type World } from "../world.ts";
import { sequenceOptions, unusualSequenceOptions } from "./column-definition.ts";

const optionRule: AttributeRule = (change, alteration) => {
  // One statement for all options, written with the first that changes.
  const [first] = [...alteration.changed].filter(([name]) => optionNames.has(name));
  return first?.[1] === change ? [alterOptions(alteration.to, restart(alteration))] : [];
};

const optionNames = new Set(["dataType", "start", "increment", "minimum", "maximum", "cache", "cycle"]);

/** Sequences. One that a column owns is made before the column's default and owned afterwards. */
export const sequence: Rule = {
  rank: 30,
  madeWith: (fact, world) => {
    if (!isSet(fact, "identity") || fact.parent === undefined) return undefined;
    return isComing(world, fact.parent) || becomesIdentity(fact, world) ? fact.parent : undefined;
  },
  droppedWith: (fact, world) => {
    if (isSet(fact, "identity")) return fact.parent;
    const column = keyOf(fact, "ownedBy");
    if (column === undefined) return undefined;
    if (isGoing(world, column)) return column;
    return undefined;
  },
  create: (fact, world) =>
    isSet(fact, "identity")
      ? renameIdentity(fact, world)
      : [
          {
            sql: [
              `create ${unlogged(fact)}sequence ${nameOf(fact.id)} as ${textOf(fact, "dataType")}`,
              ...unusualSequenceOptions(fact),
            ].join(" "),
          },
          ...ownerOf(fact, world),
          ...takeHold(fact, world),
        ],
  drop: (fact) => [{ sql: `drop sequence ${nameOf(fact.id)}`, hazards: ["DELETES_DATA"] }],
  ...alterByAttribute({
    ...ownership,
    owner: (change, alteration, world) =>
      followsTable(alteration) ? [] : ownerRule(change, alteration, world),
    dataType: optionRule,
    start: optionRule,
    increment: optionRule,
    minimum: optionRule,
    maximum: optionRule,
    cache: optionRule,
    cycle: optionRule,
    persistence: (change, { to }) => [
      { sql: `alter sequence ${nameOf(to.id)} set ${change.after === "unlogged" ? "unlogged" : "logged"}` },
    ],
    identity: "replace",
    ownedBy: (_change, { from, to }, world) => [...letGo(from), ...takeHold(to, world)],
  }),
  react: (_fact, { cause, how }) => (how === "retyped" || cause.kind !== "column" ? "keep" : "reattach"),
  reattach: (from, to, world) => [...letGo(from), ...takeHold(to, world)],
};

/** An owned sequence has its table's owner and gets another with it. */
function followsTable({ from, to }: Alteration): boolean {
  const column = keyOf(to, "ownedBy");
  return isSet(to, "identity") || (column !== undefined && column === keyOf(from, "ownedBy"));
}

function letGo(from: Fact): readonly Draft[] {
  if (keyOf(from, "ownedBy") === undefined) return [];
  return [{ sql: `alter sequence ${nameOf(from.id)} owned by none`, place: "early" }];
}

function takeHold(to: Fact, world: World): readonly Draft[] {
  const key = keyOf(to, "ownedBy");
  const column = key === undefined ? undefined : world.to.facts.get(key);
  if (key === undefined || column === undefined) return [];
  const { schema, within, name } = column.id;
  return [
    {
      sql: `alter sequence ${nameOf(to.id)} owned by ${qualify(schema, within, name)}`,
      place: "late",
      after: [key],
    },
  ];
}

/** An identity's sequence cannot be made by itself: where the column keeps its identity, the sequence has another name now. */
function renameIdentity(fact: Fact, world: World): readonly Draft[] {
  const before = fact.parent === undefined ? undefined : world.from.children(fact.parent, "sequence")[0];
  if (before === undefined || before.key === fact.key) return [];
  const isMoved = before.id.schema !== fact.id.schema;
  return [
    ...(isMoved ? [] : [{ sql: `alter sequence ${nameOf(before.id)} rename to ${qualify(fact.id.name)}` }]),
    alterOptions(fact),
  ];
}

function becomesIdentity(fact: Fact, world: World): boolean {
  const before = fact.parent === undefined ? undefined : world.from.facts.get(fact.parent);
  return before?.attributes["identity"] === undefined;
}

/** A value outside the new bounds would be refused; the least harm is to begin anew. */
function restart({ from, to }: Alteration): readonly string[] {
  const start = Number(textOf(from, "start"));
  const fits = start >= Number(textOf(to, "minimum")) && start <= Number(textOf(to, "maximum"));
  return fits ? [] : ["restart"];
}

function alterOptions(fact: Fact, more: readonly string[] = []): Draft {
  const cycle = isSet(fact, "cycle") ? [] : ["no cycle"];
  const words = [`as ${textOf(fact, "dataType")}`, ...sequenceOptions(fact), ...cycle, ...more];
  return {
    sql: `alter ${referTo(fact)} ${words.join(" ")}`,
    ...(more.length === 0 ? {} : { hazards: ["CORRECTNESS"] }),
  };
}

function unlogged(fact: Fact): string {
  return textOf(fact, "persistence") === "unlogged" ? "unlogged " : "";
}
