import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute } from "../attribute-rules.ts";
import { ownerNameOf, referTo } from "../names.ts";
import type { SchemaHazard } from "../schema-change.ts";
import type { Alteration, AttributeChange, Draft, Reaction, Rule } from "../rule.ts";
import { isComing, isGoing, isSet, textOf, type World } from "../world.ts";
import { inheritedBy, inheritedFrom, staysBelow } from "./attachment.ts";
import { defineColumn, identityOptions, refineColumn } from "./column-definition.ts";
import { foreignOptionRule } from "./foreign-options.ts";
import { rowSource, waitAsJson } from "./row-columns.ts";
import { convertRow } from "./convert-row.ts";
import { convertType } from "./convert-type.ts";

const attributes = alterByAttribute({
  type: "with_object",
  collation: "with_object",
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
  storage: (change, { to }, world) => [
    { sql: `${alterColumn(to)} set storage ${String(change.after ?? usualStorage(to, world))}` },
  ],
  compression: (change, { to }) => [
    { sql: `${alterColumn(to)} set compression ${String(change.after ?? "default")}` },
  ],
  statisticsTarget: (change, { to }) => [
    { sql: `${alterColumn(to)} set statistics ${String(change.after ?? -1)}` },
  ],
  "fdwOption.*": (change, alteration, world) => {
    return foreignOptionRule(change, alteration, world).map(({ sql }) => ({
      sql: sql.replace(`alter ${referTo(alteration.to)}`, alterColumn(alteration.to)),
    }));
  },
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
    return isMoreThanAbove(fact, world) ? undefined : ridesOn(fact, world)?.key;
  },
  droppedWith: (fact, world) => {
    if (fact.parent !== undefined && isOfView(fact)) return fact.parent;
    const table = fact.parent;
    if (table === undefined) return undefined;
    return inheritedFrom(fact, world.from).find(
      (above) =>
        isGoing(world, above.key) && staysBelow(table, above.parent, world) && !isKeptBelow(above, world),
    )?.key;
  },
  create: (fact, world) => {
    // A typed table's columns come with the type's attributes, which know no NOT NULL.
    if (isMoreThanAbove(fact, world)) return [{ sql: `${alterColumn(fact, "")} set not null` }];
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
  drop: (fact, world) => {
    const only = isKeptBelow(fact, world) ? " only" : "";
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
            sql: `alter ${tableWord(fact)}${only} ${ownerNameOf(fact.id)} drop column ${name}`,
            hazards: textOf(fact, "generated") === undefined ? ["DELETES_DATA", "ACCESS_EXCLUSIVE_LOCK"] : [],
          },
        ];
  },
  decide: (alteration, world) => {
    if (isOfView(alteration.to)) return { kind: "alter" };
    const decided = attributes.decide(alteration);
    if (decided.kind !== "alter") return decided;
    const { changed, to } = alteration;
    if (becomesGenerated(changed) || (changed.has("expression") && !canSetExpression(alteration, world)))
      return { kind: "replace" };
    if (!changed.has("type") && !changed.has("collation")) return decided;
    // Neither the old expression suits the new type nor the new one the old type.
    if (changed.has("expression") && !changed.has("generated")) return { kind: "replace" };
    return isUsedAttribute(to, world) ? { kind: "replace" } : { kind: "alter", disturbs: true };
  },
  alter: (alteration, world) => {
    const { from, to, changed } = alteration;
    if (isOfView(to)) return [];
    const drafts = identityLast(attributes.alter(alteration, world));
    if (world.retyped.has(to.key) && !changed.has("type") && rowSource(from, world.from) !== undefined)
      return [...waitAsJson(to), ...drafts];
    const isConverted = changed.has("type") || changed.has("collation") || world.retyped.has(to.key);
    // The conversion comes behind what must let go of the old type, and takes the columns below along.
    if (!isConverted) return drafts;
    if (ridesOn(to, world) !== undefined) return [...drafts, ...restoreStorage(alteration)];
    const letsGo = drafts.filter(({ sql }) => / drop (?:identity|expression)$/.test(sql));
    const others = drafts.filter((draft) => !letsGo.includes(draft));
    return [...letsGo, ...changeType(alteration, world), ...others, ...restoreStorage(alteration)];
  },
  react: (fact, { cause, how }, world): Reaction => {
    if (isOfView(fact)) return "keep";
    if (cause.kind === "column" && cause.parent !== fact.parent)
      return rowSource(fact, world.from)?.key === cause.parent ? "retype" : "keep";
    if (textOf(fact, "generated") !== undefined) return "replace";
    if (how === "retyped" || cause.kind === "function") return "keep";
    return cause.kind === "extension" || isUsedAttribute(fact, world) ? "replace" : "retype";
  },
};

/** True for a column whose relation, a view, is what makes it. */
export function isOfView(fact: Fact): boolean {
  return fact.parent?.startsWith("view ") === true || fact.parent?.startsWith("materialized_view ") === true;
}

function isMoreThanAbove(fact: Fact, world: World): boolean {
  const above = ridesOn(fact, world);
  return above?.parent?.startsWith("composite_type ") === true && isSet(fact, "notNull");
}

/** The column above that is made or altered in the same way and takes this one along. */
function ridesOn(fact: Fact, world: World): Fact | undefined {
  const table = fact.parent;
  if (table === undefined) return undefined;
  return inheritedFrom(fact, world.to).find((above) => {
    if (!staysBelow(table, above.parent, world)) return false;
    const intent = world.intents.get(above.key);
    return intent !== undefined && intent === world.intents.get(fact.key);
  });
}

/** Another type brings its own storage and compression. */
function restoreStorage({ to, changed }: Alteration): readonly Draft[] {
  const kept = ["storage", "compression"].filter((name) => !changed.has(name));
  const attributes = Object.fromEntries(
    Object.entries(to.attributes).filter(([name]) => kept.includes(name)),
  );
  return refineColumn({ ...to, attributes });
}

/** An identity can be added only once the column is not null. */
function identityLast(drafts: readonly Draft[]): readonly Draft[] {
  const added = drafts.filter(({ sql }) => sql.includes(" add generated "));
  return [...drafts.filter((draft) => !added.includes(draft)), ...added];
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
  // A foreign table holds no values to convert, and a generated column's are made anew.
  const hasNone = tableWord(to) === "foreign table" || textOf(to, "generated") !== undefined;
  const using = hasNone
    ? { sql: "", isSafe: true }
    : (convertRow({ column: to, name, world }) ??
      convertType({
        column: name,
        from: textOf(from, "type") ?? "",
        to: type,
        throughText: world.retyped.has(to.key),
      }));
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
  if (change.after !== true) return [{ sql: `${alterColumn(to, "")} drop not null` }];
  const name = textOf(to, "notNullName");
  const table = `alter ${tableWord(to)} ${ownerNameOf(to.id)}`;
  const sql =
    name === undefined
      ? `${alterColumn(to, "")} set not null`
      : `${table} add constraint ${quoteIdentifier(name)} not null ${quoteIdentifier(to.id.name)}`;
  return [{ sql, hazards: ["ACCESS_EXCLUSIVE_LOCK", "TABLE_SCAN"] }];
}

/** SET STORAGE DEFAULT is known since 16; before, the type's own must be named. */
function usualStorage(to: Fact, world: World): string {
  if (world.serverVersion >= 160_000) return "default";
  return textOf(to, "type")?.startsWith("numeric") === true ? "main" : "extended";
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

/** The server keeps an attribute's type while a table's column is of the composite type. */
function isUsedAttribute(to: Fact, world: World): boolean {
  if (to.parent?.startsWith("composite_type ") !== true) return false;
  return world.from.dependents(to.parent).some((dependent) => dependent.kind === "column");
}

/** True where a table below keeps the column that is dropped here. */
function isKeptBelow(fact: Fact, world: World): boolean {
  return inheritedBy(fact, world).some((below) => !isGoing(world, below.key));
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
