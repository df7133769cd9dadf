import type { Fact } from "../../../model/catalog.ts";
import { rangeConstructors, type RangeConstructor } from "../../../model/range-constructors.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownerOf, ownership } from "../attribute-rules.ts";
import { literal, nameOf, referTo } from "../names.ts";
import type { Draft, Rule } from "../rule.ts";
import { isComing, isSet, listOf, textOf, type World } from "../world.ts";
import { defineColumn } from "./column-definition.ts";

const drop: Rule["drop"] = (fact) => [{ sql: `drop ${referTo(fact)}` }];

const labels = alterByAttribute({
  ...ownership,
  labels: (_change, { from, to }) => addLabels(from, to),
});

/** Enums: labels are added in place; any other change of labels makes the type anew and converts its columns. */
export const enumType: Rule = {
  rank: 10,
  create: (fact, world) => [
    { sql: `create type ${nameOf(fact.id)} as enum (${listOf(fact, "labels").map(literal).join(", ")})` },
    ...ownerOf(fact, world),
  ],
  drop,
  decide: (alteration) => {
    if (alteration.changed.has("labels") && !isSubsequence(alteration.from, alteration.to))
      return { kind: "replace" };
    return labels.decide(alteration);
  },
  alter: labels.alter,
  react: () => "replace",
};

const composite = alterByAttribute({ ...ownership, attributeOrder: "with_object" });

/** Attributes come and go in place, but a new one only behind the others. */
const compositeAlteration: Pick<Rule, "decide" | "alter"> = {
  decide: (alteration) => {
    const [before, after] = [alteration.from, alteration.to].map((fact) => listOf(fact, "attributeOrder"));
    const kept = before?.filter((name) => after?.includes(name)) ?? [];
    const added = after?.filter((name) => !kept.includes(name)) ?? [];
    return [...kept, ...added].join("\0") === after?.join("\0")
      ? composite.decide(alteration)
      : { kind: "replace" };
  },
  alter: composite.alter,
};

/** Composite types; their attributes are columns. */
export const compositeType: Rule = {
  rank: 15,
  create: (fact, world) => [
    {
      sql: `create type ${nameOf(fact.id)} as (${world.to
        .children(fact.key, "column")
        .map((column) => defineColumn(column, world))
        .join(", ")})`,
    },
    ...ownerOf(fact, world),
  ],
  drop,
  ...compositeAlteration,
  react: (_fact, { how }) => (how === "retyped" ? "keep" : "replace"),
};

/** Domains; their checks are constraints. */
export const domain: Rule = {
  rank: 12,
  create: (fact, world) => {
    const collation = textOf(fact, "collation");
    const value = textOf(fact, "default");
    const sql = [
      `create domain ${nameOf(fact.id)} as ${textOf(fact, "base")}`,
      ...(collation === undefined ? [] : [`collate ${collation}`]),
      ...(value === undefined ? [] : [`default ${value}`]),
      ...(isSet(fact, "notNull") ? ["not null"] : []),
      ...world.to
        .children(fact.key, "constraint")
        .filter((check) => isInlineCheck(check, world))
        .map((check) => `constraint ${quoteIdentifier(check.id.name)} ${check.statement ?? ""}`),
    ].join(" ");
    return [{ sql }, ...ownerOf(fact, world)];
  },
  drop,
  ...alterByAttribute({
    ...ownership,
    base: "replace",
    collation: "replace",
    notNull: (change, { to }) => [
      {
        sql: `alter ${referTo(to)} ${change.after === true ? "set" : "drop"} not null`,
        hazards: ["TABLE_SCAN"],
      },
    ],
    default: (change, { to }) => [
      {
        sql: `alter ${referTo(to)} ${change.after === undefined ? "drop default" : `set default ${String(change.after)}`}`,
      },
    ],
  }),
  react: (_fact, { how }) => (how === "retyped" ? "keep" : "replace"),
};

/** True where a new domain's check can stand in its definition: no routine that is yet to be made could need the domain. */
export function isInlineCheck(check: Fact, world: World): boolean {
  if (isSet(check, "notValid")) return false;
  return !check.dependsOn.some(
    (key) =>
      isComing(world, key) && world.to.facts.get(key)?.dependsOn.includes(check.parent ?? key) === true,
  );
}

/** Ranges, with the multirange that comes with them. */
export const range: Rule = {
  rank: 14,
  create: (fact, world) => {
    const parts: readonly (readonly [string, string | undefined])[] = [
      ["subtype", textOf(fact, "subtype")],
      ["subtype_opclass", textOf(fact, "operatorClass")],
      ["collation", textOf(fact, "collation")],
      ["canonical", textOf(fact, "canonical")],
      ["subtype_diff", textOf(fact, "difference")],
      ["multirange_type_name", multirange(fact)],
    ];
    const written = parts
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name} = ${value}`);
    return [
      { sql: `create type ${nameOf(fact.id)} as range (${written.join(", ")})` },
      ...ownerOf(fact, world),
    ];
  },
  drop,
  ...alterByAttribute({
    ...ownership,
    subtype: "replace",
    operatorClass: "replace",
    collation: "replace",
    canonical: "replace",
    difference: "replace",
    multirangeName: "replace",
    multirangeSchema: "replace",
  }),
  react: () => "replace",
};

function multirange(fact: Fact): string | undefined {
  const name = textOf(fact, "multirangeName");
  if (name === undefined) return undefined;
  return `${quoteIdentifier(textOf(fact, "multirangeSchema") ?? fact.id.schema ?? "")}.${quoteIdentifier(name)}`;
}

function isSubsequence(from: Fact, to: Fact): boolean {
  const kept = new Set(listOf(from, "labels"));
  const after = listOf(to, "labels").filter((label) => kept.has(label));
  return after.join("\0") === listOf(from, "labels").join("\0");
}

/** Each new label behind its predecessor; those before the first old label in front of it. */
function addLabels(from: Fact, to: Fact): readonly Draft[] {
  const known = new Set(listOf(from, "labels"));
  const wanted = listOf(to, "labels");
  const firstKnown = wanted.find((label) => known.has(label));
  return wanted.flatMap((label, index) => {
    if (known.has(label)) return [];
    const previous = wanted[index - 1];
    const place =
      firstKnown !== undefined && wanted.indexOf(firstKnown) > index
        ? ` before ${literal(firstKnown)}`
        : previous === undefined
          ? ""
          : ` after ${literal(previous)}`;
    return [
      { sql: `alter type ${nameOf(to.id)} add value ${literal(label)}${place}`, commitsBeforeUse: true },
    ];
  });
}

/** A type's new name while its successor takes over. */
function parkedName(fact: Fact): string {
  return `${fact.id.name.slice(0, 50)}__replaced`;
}

/** Moves a type aside, so that columns can be converted from it to its successor. */
export function parkType(fact: Fact): readonly Draft[] {
  const word = fact.kind === "domain" || fact.kind === "collation" ? fact.kind : "type";
  return [
    ...(fact.kind === "range" ? parkRangeParts(fact) : []),
    { sql: `alter ${word} ${nameOf(fact.id)} rename to ${quoteIdentifier(parkedName(fact))}` },
  ];
}

/** A range's constructors and its multirange keep their names when it loses its own. */
function parkRangeParts(fact: Fact): readonly Draft[] {
  const [name, multiName] = ["", "_multi"].map((suffix) => quoteIdentifier(`${parkedName(fact)}${suffix}`));
  const renamed = constructorsOf(fact).map(({ target }, index) => ({
    sql: `alter ${target} rename to ${index < 2 ? name : multiName}`,
  }));
  return [...renamed, { sql: `alter type ${multirange(fact)} rename to ${multiName}` }];
}

/** The functions that come with a range. */
export function constructorsOf(fact: Fact): readonly RangeConstructor[] {
  return rangeConstructors({
    schema: fact.id.schema ?? "",
    name: fact.id.name,
    subtype: textOf(fact, "subtype") ?? "",
    multirangeSchema: textOf(fact, "multirangeSchema") ?? fact.id.schema ?? "",
    multirangeName: textOf(fact, "multirangeName") ?? "",
  });
}

/** The type as it is called while it is parked. */
export function parkedFact(fact: Fact): Fact {
  return { ...fact, id: { ...fact.id, name: parkedName(fact) } };
}
