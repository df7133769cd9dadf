import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute } from "../attribute-rules.ts";
import { ownerNameOf } from "../names.ts";
import type { SchemaHazard } from "../schema-change.ts";
import type { Alteration, AttributeChange, Draft, Reaction, Rule } from "../rule.ts";
import { isComing, isGoing, isSet, textOf, type World } from "../world.ts";
import { inheritedFrom, staysAttached } from "./attachment.ts";
import { defineColumn, identityOptions, refineColumn } from "./column-definition.ts";
import { convertType } from "./convert-type.ts";

const attributes = alterByAttribute({
  type: (_change, alteration, world) => changeType(alteration, world),
  collation: (_change, alteration, world) =>
    alteration.changed.has("type") ? [] : changeType(alteration, world),
  notNull: changeNotNull,
  notNullName: renameNotNull,
  notNullNotValid: "with_object",
  notNullNoInherit: "with_object",
  identity: (change, alteration, world) => changeIdentity(change, alteration, world),
  generated: (change, { to }) =>
    change.after === undefined ? [{ sql: `${alterColumn(to)} drop expression` }] : [],
  expression: (change, { to }) =>
    change.after === undefined
      ? []
      : [
          {
            sql: `${alterColumn(to)} set expression as (${String(change.after)})`,
            hazards: ["TABLE_REWRITE", "ACCESS_EXCLUSIVE_LOCK"],
          },
        ],
  storage: (change, { to }) => [
    { sql: `${alterColumn(to)} set storage ${String(change.after ?? "default")}` },
  ],
  compression: (change, { to }) => [
    { sql: `${alterColumn(to)} set compression ${String(change.after ?? "default")}` },
  ],
  statisticsTarget: (change, { to }) => [
    { sql: `${alterColumn(to)} set statistics ${String(change.after ?? -1)}` },
  ],
  inherited: "with_object",
  local: "with_object",
  "option.*": (change, { to, changed }) => {
    const [name] = [...changed].find(([, candidate]) => candidate === change) ?? [""];
    const option = name.slice("option.".length);
    return [
      {
        sql: `${alterColumn(to)} ${change.after === undefined ? `reset (${option})` : `set (${option} = ${String(change.after)})`}`,
      },
    ];
  },
});

/** Columns of tables. Those of views and composite types are written with their relation. */
export const column: Rule = {
  rank: 45,
  madeWith: (fact, world) => {
    const table = fact.parent;
    if (table === undefined) return undefined;
    if (isComing(world, table) || isOfView(fact)) return table;
    return ridesOn(fact, world)?.key;
  },
  droppedWith: (fact, world) => {
    if (fact.parent !== undefined && isOfView(fact)) return fact.parent;
    if (fact.parent === undefined || !staysAttached(fact.parent, world)) return undefined;
    return inheritedFrom(fact, world.from).find((above) => isGoing(world, above.key))?.key;
  },
  create: (fact, world) => {
    if (fact.parent?.startsWith("composite_type"))
      return [
        { sql: `alter type ${ownerNameOf(fact.id)} add attribute ${defineColumn(fact, world)} cascade` },
      ];
    return [
      {
        sql: `alter ${tableWord(fact)} ${ownerNameOf(fact.id)} add column ${defineColumn(fact, world)}`,
        hazards: addHazards(fact),
      },
      ...refineColumn(fact),
    ];
  },
  drop: (fact) => {
    const name = quoteIdentifier(fact.id.name);
    return fact.parent?.startsWith("composite_type")
      ? [
          {
            sql: `alter type ${ownerNameOf(fact.id)} drop attribute ${name} cascade`,
            hazards: ["DELETES_DATA"],
          },
        ]
      : [
          {
            sql: `alter ${tableWord(fact)} ${ownerNameOf(fact.id)} drop column ${name}`,
            hazards: textOf(fact, "generated") === undefined ? ["DELETES_DATA", "ACCESS_EXCLUSIVE_LOCK"] : [],
          },
        ];
  },
  decide: (alteration, world) => {
    if (isOfView(alteration.to)) return { kind: "alter" };
    const decided = attributes.decide(alteration);
    if (decided.kind !== "alter") return decided;
    const { changed } = alteration;
    if (becomesGenerated(changed) || (changed.has("expression") && !canSetExpression(alteration, world)))
      return { kind: "replace" };
    return changed.has("type") || changed.has("collation") ? { kind: "alter", disturbs: true } : decided;
  },
  alter: (alteration, world) => {
    const { to, changed } = alteration;
    if (isOfView(to)) return [];
    const above = ridesOn(to, world);
    const drafts = attributes.alter(sortChanges(alteration), world);
    if (!changed.has("type") && world.retyped.has(to.key))
      return [...changeType(alteration, world), ...drafts];
    return above === undefined || !changed.has("type")
      ? drafts
      : attributes.alter(withoutType(alteration), world);
  },
  react: (fact, { cause, how }): Reaction => {
    if (isOfView(fact)) return "keep";
    if (cause.kind === "column" && cause.parent !== fact.parent) return "keep";
    if (textOf(fact, "generated") !== undefined) return "replace";
    if (how === "retyped" || cause.kind === "function") return "keep";
    return cause.kind === "extension" ? "replace" : "retype";
  },
};

/** True for a column whose relation, a view, is what makes it. */
export function isOfView(fact: Fact): boolean {
  return fact.parent?.startsWith("view ") === true || fact.parent?.startsWith("materialized_view ") === true;
}

/** The column above that is made or altered in the same way and takes this one along. */
function ridesOn(fact: Fact, world: World): Fact | undefined {
  if (fact.parent === undefined || !staysAttached(fact.parent, world)) return undefined;
  return inheritedFrom(fact, world.to).find((above) => {
    const intent = world.intents.get(above.key);
    return intent !== undefined && intent === world.intents.get(fact.key);
  });
}

/** Lets go of what the new type may contradict first, and sets what needs it last. */
function sortChanges(alteration: Alteration): Alteration {
  const order = ["generated", "identity", "type", "collation", "notNull"];
  const place = ([name]: readonly [string, AttributeChange]): number =>
    name === "identity" && alteration.changed.get("identity")?.after !== undefined ? 9 : order.indexOf(name);
  const changed = new Map([...alteration.changed].toSorted((one, other) => place(one) - place(other)));
  return { ...alteration, changed };
}

function withoutType(alteration: Alteration): Alteration {
  const changed = [...sortChanges(alteration).changed].filter(
    ([name]) => name !== "type" && name !== "collation",
  );
  return { ...alteration, changed: new Map(changed) };
}

function changeType({ from, to }: Alteration, world: World): readonly Draft[] {
  const type = textOf(to, "type") ?? "";
  const collation = textOf(to, "collation");
  const suffix = collation === undefined ? "" : ` collate ${collation}`;
  const name = quoteIdentifier(to.id.name);
  if (to.parent?.startsWith("composite_type"))
    return [
      { sql: `alter type ${ownerNameOf(to.id)} alter attribute ${name} type ${type}${suffix} cascade` },
    ];
  const isRetyped = world.retyped.has(to.key);
  const using = convertType({
    column: name,
    from: textOf(from, "type") ?? "",
    to: type,
    throughText: isRetyped,
  });
  return [
    {
      sql: `alter ${tableWord(to)} ${ownerNameOf(to.id)} alter column ${name} type ${type}${suffix}${using.sql}`,
      hazards: [
        "TABLE_REWRITE",
        "ACCESS_EXCLUSIVE_LOCK",
        ...(using.isSafe ? [] : (["CORRECTNESS"] as const)),
      ],
    },
  ];
}

function changeNotNull(change: AttributeChange, { to }: Alteration): readonly Draft[] {
  return change.after === true
    ? [{ sql: `${alterColumn(to, "")} set not null`, hazards: ["ACCESS_EXCLUSIVE_LOCK", "TABLE_SCAN"] }]
    : [{ sql: `${alterColumn(to, "")} drop not null` }];
}

function renameNotNull(change: AttributeChange, { to, changed }: Alteration): readonly Draft[] {
  if (changed.has("notNull") || !isSet(to, "notNull")) return [];
  const usual = `${to.id.within ?? ""}_${to.id.name}_not_null`;
  const [before, after] = [String(change.before ?? usual), String(change.after ?? usual)];
  return [
    {
      sql: `alter table ${ownerNameOf(to.id)} rename constraint ${quoteIdentifier(before)} to ${quoteIdentifier(after)}`,
    },
  ];
}

function changeIdentity(change: AttributeChange, { to }: Alteration, world: World): readonly Draft[] {
  if (change.after === undefined) return [{ sql: `${alterColumn(to)} drop identity` }];
  const kind = String(change.after);
  if (change.before !== undefined) return [{ sql: `${alterColumn(to)} set generated ${kind}` }];
  return [{ sql: `${alterColumn(to)} add generated ${kind} as identity${identityOptions(to.key, world)}` }];
}

function becomesGenerated(changed: Alteration["changed"]): boolean {
  return changed.get("generated")?.after !== undefined;
}

function canSetExpression({ changed }: Alteration, world: World): boolean {
  return (
    changed.get("expression")?.after === undefined ||
    (world.serverVersion >= 170_000 && !changed.has("generated"))
  );
}

function alterColumn(fact: Fact, only = " only"): string {
  return `alter ${tableWord(fact)}${only} ${ownerNameOf(fact.id)} alter column ${quoteIdentifier(fact.id.name)}`;
}

function tableWord(fact: Fact): string {
  return fact.parent?.startsWith("foreign_table ") === true ? "foreign table" : "table";
}

function addHazards(fact: Fact): readonly SchemaHazard[] {
  return textOf(fact, "generated") === undefined
    ? ["ACCESS_EXCLUSIVE_LOCK"]
    : ["ACCESS_EXCLUSIVE_LOCK", "TABLE_REWRITE"];
}
