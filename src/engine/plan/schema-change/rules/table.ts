import type { Fact, FactKey } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownerOf, ownership, type AttributeRule } from "../attribute-rules.ts";
import { nameOf, referTo } from "../names.ts";
import { optionRule, withOptions } from "../options.ts";
import type { Draft, Rule } from "../rule.ts";
import type { SchemaHazard } from "../schema-change.ts";
import { isGoing, isSet, keyOf, listOf, textOf, type World } from "../world.ts";
import { adjustInherited } from "./adjust-inherited.ts";
import { isTwin } from "./attached-index.ts";
import { compositeOf, keptParents, parentTables } from "./attachment.ts";
import { defineColumn, refineColumn } from "./column-definition.ts";
import { foreignOptions, foreignOptionRule } from "./foreign-options.ts";
import { fillRows, keepsAllRows, saveRows } from "./keep-rows.ts";

/** Tables and foreign tables. A partition is made as a table of its own and attached when its indexes are there. */
export const table: Rule = {
  rank: 40,
  create: createTable,
  drop: (fact, world) => [
    ...saveRows(fact, world),
    ...(isReferencedAbove(fact, world) ? letGo(fact, world).map(({ place: _place, ...draft }) => draft) : []),
    {
      sql: `drop ${referTo(fact)}`,
      hazards: dropHazards(fact, world),
    },
  ],
  ...alterByAttribute({
    ...ownership,
    persistence: (_change, { to }, world) => changePersistence(to, world),
    accessMethod: (change, { to }) => [
      {
        sql: `alter ${referTo(to)} set access method ${quoteIdentifier(String(change.after ?? "heap"))}`,
        hazards: ["TABLE_REWRITE", "ACCESS_EXCLUSIVE_LOCK"],
      },
    ],
    tablespace: (change, { to }) => [
      {
        sql: `alter ${referTo(to)} set tablespace ${quoteIdentifier(String(change.after ?? "pg_default"))}`,
        hazards: ["TABLE_REWRITE", "ACCESS_EXCLUSIVE_LOCK"],
      },
    ],
    rowSecurity: (change, { to }) => [rowSecurity(to, change.after === true ? "enable" : "disable")],
    forceRowSecurity: (change, { to }) => [rowSecurity(to, change.after === true ? "force" : "no force")],
    replicaIdentity: (_change, { to }, world) => replicaIdentity(to, world),
    ofType: (_change, { from, to }, world) => [...letGo(from, world), ...takeHold(to, world)],
    partitionKey: "replace",
    partitionOf: attachmentRule("partitionOf"),
    partitionBound: attachmentRule("partitionBound"),
    inherits: attachmentRule("inherits"),
    "option.*": optionRule,
    // Only once its columns may need one has a table what these options are of.
    "option.toast.*": (change, alteration, world) =>
      optionRule(change, alteration, world).map((draft): Draft => ({
        ...draft,
        place: "late",
        after: columnsOf([alteration.to.key], world),
      })),
    server: "replace",
    "fdwOption.*": foreignOptionRule,
  }),
  react: (fact, { cause, how }) => {
    if (how === "retyped") return "keep";
    if (parentTables(fact).includes(cause.key) || textOf(fact, "ofType") !== undefined) return "reattach";
    return cause.kind === "server" || textOf(fact, "partitionKey") !== undefined ? "replace" : "keep";
  },
  reattach: (from, to, world) => [...letGo(from, world), ...takeHold(to, world)],
};

/** Its sequences change with it, also those that are to be otherwise. */
function changePersistence(to: Fact, world: World): readonly Draft[] {
  const persistence = textOf(to, "persistence");
  const sequences = world.to
    .children(to.key, "column")
    .flatMap(({ key }) => [...world.to.children(key), ...world.to.dependents(key)])
    .filter((fact) => fact.kind === "sequence" && textOf(fact, "persistence") !== persistence);
  return [
    {
      sql: `alter ${referTo(to)} set ${persistence ?? "logged"}`,
      hazards: ["TABLE_REWRITE", "ACCESS_EXCLUSIVE_LOCK"],
    },
    ...sequences.map((fact): Draft => ({
      sql: `alter sequence ${nameOf(fact.id)} set ${textOf(fact, "persistence") ?? "logged"}`,
      place: "late",
      after: [fact.key],
    })),
  ];
}

function dropHazards(fact: Fact, world: World): readonly SchemaHazard[] {
  if (fact.kind !== "table") return [];
  return keepsAllRows(fact, world) ? ["ACCESS_EXCLUSIVE_LOCK"] : ["DELETES_DATA", "ACCESS_EXCLUSIVE_LOCK"];
}

/** A partition of a table that foreign keys refer to cannot be dropped while it is attached. */
function isReferencedAbove(fact: Fact, world: World): boolean {
  const above = keyOf(fact, "partitionOf");
  if (above === undefined || isGoing(world, above)) return false;
  const parts = [above, ...world.from.children(above).map((part) => part.key)];
  return parts
    .flatMap((key) => world.from.dependents(key))
    .some((dependent) => textOf(dependent, "type") === "foreign key" && dependent.parent !== above);
}

function createTable(fact: Fact, world: World): readonly Draft[] {
  const inherits = listOf(fact, "inherits").map((key) => nameOfKey(key as FactKey, world));
  const ofType = textOf(fact, "ofType");
  const columns = world.to
    .children(fact.key, "column")
    .filter((column) => inherits.length === 0 || !isSet(column, "inherited") || isSet(column, "local"));
  const unlogged = textOf(fact, "persistence") === "unlogged" ? "unlogged " : "";
  const body =
    ofType === undefined
      ? ` (${columns.map((column) => `\n  ${defineColumn(column, world)}`).join(",")}\n)`
      : ` of ${ofType}`;
  const sql = [
    `create ${unlogged}${fact.kind === "foreign_table" ? "foreign " : ""}table ${nameOf(fact.id)}${body}`,
    ...(inherits.length === 0 ? [] : [`inherits (${inherits.join(", ")})`]),
    ...withClause("partition by", textOf(fact, "partitionKey")),
    ...withClause("using", quoted(textOf(fact, "accessMethod"))),
    ...withClause("server", serverName(fact, world)),
  ].join(" ");
  return [
    { sql: `${sql}${withOptions(fact)}${tablespace(fact)}${foreignOptions(fact)}` },
    ...world.to.children(fact.key, "column").flatMap(refineColumn),
    ...(inherits.length === 0 && ofType === undefined ? [] : adjustInherited(fact, world)),
    ...ownerOf(fact, world),
    ...(isSet(fact, "rowSecurity") ? [rowSecurity(fact, "enable")] : []),
    ...(isSet(fact, "forceRowSecurity") ? [rowSecurity(fact, "force")] : []),
    ...replicaIdentity(fact, world),
    ...fillRows(fact, world),
    ...(keyOf(fact, "partitionOf") === undefined ? [] : takeHold(fact, world)),
  ];
}

function rowSecurity(fact: Fact, word: string): Draft {
  return { sql: `alter ${referTo(fact)} ${word} row level security`, hazards: ["AUTHZ_UPDATE"] };
}

/** An index as replica identity is set by the index or constraint itself. */
function replicaIdentity(fact: Fact, _world: World): readonly Draft[] {
  const kind = textOf(fact, "replicaIdentity") ?? "default";
  if (kind === "index" || fact.kind !== "table") return [];
  if (kind === "default" && !hasReplicaIdentity(fact, _world)) return [];
  return [{ sql: `alter ${referTo(fact)} replica identity ${kind}` }];
}

function hasReplicaIdentity(fact: Fact, world: World): boolean {
  return (
    world.from.facts.get(fact.key)?.attributes["replicaIdentity"] !== undefined &&
    !world.intents.get(fact.key)?.startsWith("re")
  );
}

function attachmentRule(name: string): AttributeRule {
  return (_change, { from, to, changed }, world) => {
    const first = ["partitionOf", "partitionBound", "inherits"].find((candidate) => changed.has(candidate));
    return name === first ? [...letGo(from, world), ...takeHold(to, world)] : [];
  };
}

function letGo(from: Fact, world: World): readonly Draft[] {
  const partitionOf = keyOf(from, "partitionOf");
  const hazards = ["ACCESS_EXCLUSIVE_LOCK"] as const;
  if (textOf(from, "ofType") !== undefined)
    return [{ sql: `alter ${referTo(from)} not of`, place: "early", hazards }];
  if (partitionOf !== undefined) {
    const sql = `alter table ${nameOfKey(partitionOf, world)} detach partition ${nameOf(from.id)}`;
    return [{ sql, place: "early", hazards }];
  }
  const kept = keptParents(from.key, world);
  return parentTables(from)
    .filter((parent) => !kept.includes(parent))
    .map((parent) => ({
      sql: `alter ${referTo(from)} no inherit ${nameOfKey(parent, world)}`,
      place: "early",
      hazards,
    }));
}

function takeHold(to: Fact, world: World): readonly Draft[] {
  const partitionOf = keyOf(to, "partitionOf");
  const hazards = ["ACCESS_EXCLUSIVE_LOCK", "TABLE_SCAN"] as const;
  const ofType = textOf(to, "ofType");
  const type = compositeOf(to, world.to);
  if (ofType !== undefined && type !== undefined)
    return [
      {
        sql: `alter ${referTo(to)} of ${ofType}`,
        place: "late",
        hazards,
        after: columnsOf([to.key, type], world),
      },
    ];
  if (partitionOf !== undefined) {
    const bound = textOf(to, "partitionBound") ?? "default";
    const sql = `alter table only ${nameOfKey(partitionOf, world)} attach partition ${nameOf(to.id)} ${bound}`;
    return [{ sql, place: "late", hazards, after: attachedParts(to.key, partitionOf, world) }];
  }
  const kept = keptParents(to.key, world);
  return parentTables(to)
    .filter((parent) => !kept.includes(parent))
    .map((parent) => ({
      sql: `alter ${referTo(to)} inherit ${nameOfKey(parent, world)}`,
      place: "late",
      hazards,
      after: [...attachedParts(to.key, parent, world)],
    }));
}

/** Indexes and constraints on both sides, which must be there so that attaching finds rather than makes them. */
function attachedParts(table: FactKey, parent: FactKey, world: World): readonly FactKey[] {
  return [...world.to.children(table), ...world.to.children(parent)]
    .filter((part) => part.kind === "index" || part.kind === "column" || part.kind === "constraint")
    .filter((part) => textOf(part, "type") !== "foreign key" && !lacksPart(part, table, world))
    .filter((part) => !isTwin(part, world.to))
    .map((part) => part.key);
}

/** True for an index above that has none in this table, and would get one were it there when the table is attached. */
function lacksPart(index: Fact, table: FactKey, world: World): boolean {
  if (!isSet(index, "invalid") || index.parent === table) return false;
  return !world.to.children(table).some((part) => keyOf(part, "attachedTo") === index.key);
}

function columnsOf(relations: readonly FactKey[], world: World): readonly FactKey[] {
  return relations.flatMap((key) => world.to.children(key, "column")).map((column) => column.key);
}

function nameOfKey(key: FactKey, world: World): string {
  const fact = world.to.facts.get(key) ?? world.from.facts.get(key);
  return fact === undefined ? key : nameOf(fact.id);
}

function serverName(fact: Fact, world: World): string | undefined {
  const key = keyOf(fact, "server");
  const server = key === undefined ? undefined : world.to.facts.get(key);
  return quoted(server?.id.name);
}

function tablespace(fact: Fact): string {
  const name = quoted(textOf(fact, "tablespace"));
  return name === undefined ? "" : ` tablespace ${name}`;
}

function withClause(words: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${words} ${value}`];
}

function quoted(name: string | undefined): string | undefined {
  return name === undefined ? undefined : quoteIdentifier(name);
}
