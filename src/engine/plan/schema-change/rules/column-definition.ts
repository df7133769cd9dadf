import type { Fact, FactKey } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { ownerNameOf, qualify } from "../names.ts";
import { foreignOptions } from "./foreign-options.ts";
import type { Draft } from "../rule.ts";
import { isComing, isSet, textOf, type World } from "../world.ts";

/** The column as CREATE TABLE and ADD COLUMN write it. */
export function defineColumn(column: Fact, world: World): string {
  const [defaultFact] = world.to.children(column.key, "default");
  const parts = [
    quoteIdentifier(column.id.name),
    `${textOf(column, "type")}${foreignOptions(column)}`,
    ...collate(column),
    ...generate(column, world),
    ...(isSet(column, "notNull") ? [`${nameNotNull(column)}not null`] : []),
    ...(defaultFact !== undefined && isInlineDefault(defaultFact, world)
      ? [`default ${textOf(defaultFact, "expression")}`]
      : []),
  ];
  return parts.join(" ");
}

/** True where the default can stand in its column's definition: no routine that is yet to be made could need the table. */
export function isInlineDefault(defaultFact: Fact, world: World): boolean {
  const routines = new Set(["function", "aggregate", "operator", "cast"]);
  return !defaultFact.dependsOn.some(
    (key) => routines.has(world.to.facts.get(key)?.kind ?? "") && isComing(world, key),
  );
}

/** What a column has that its definition cannot say on every server version. */
export function refineColumn(column: Fact): readonly Draft[] {
  const alter = `alter table only ${ownerNameOf(column.id)} alter column ${quoteIdentifier(column.id.name)}`;
  const storage = textOf(column, "storage");
  const compression = textOf(column, "compression");
  const target = textOf(column, "statisticsTarget");
  const options = Object.entries(column.attributes).filter(([name]) => name.startsWith("option."));
  return [
    ...(storage === undefined ? [] : [{ sql: `${alter} set storage ${storage}` }]),
    ...(compression === undefined ? [] : [{ sql: `${alter} set compression ${compression}` }]),
    ...(target === undefined ? [] : [{ sql: `${alter} set statistics ${target}` }]),
    ...options.map(([name, value]) => ({ sql: `${alter} set (${name.slice(7)} = ${String(value)})` })),
  ];
}

/** The options of an identity column's sequence, in brackets, with a space before; empty where all are usual. */
export function identityOptions(column: FactKey, world: World): string {
  const [sequence] = world.to.children(column, "sequence");
  if (sequence === undefined) return "";
  const usual = `${sequence.id.schema}.${columnTable(sequence, world)}_${columnName(sequence, world)}_seq`;
  const name = `${sequence.id.schema}.${sequence.id.name}`;
  const options = [
    ...(name === usual ? [] : [`sequence name ${qualify(sequence.id.schema, sequence.id.name)}`]),
    ...unusualSequenceOptions(sequence),
  ];
  return options.length === 0 ? "" : ` (${options.join(" ")})`;
}

/** What CREATE SEQUENCE says after the name and type. */
export function sequenceOptions(sequence: Fact): readonly string[] {
  const words = [
    ["increment", "increment by"],
    ["minimum", "minvalue"],
    ["maximum", "maxvalue"],
    ["start", "start with"],
    ["cache", "cache"],
  ] as const;
  return [
    ...words.flatMap(([attribute, word]) => {
      const value = textOf(sequence, attribute);
      return value === undefined ? [] : [`${word} ${value}`];
    }),
    ...(isSet(sequence, "cycle") ? ["cycle"] : []),
  ];
}

/** The same for a sequence that is new: what it has by itself is not said (PostgreSQL's CREATE SEQUENCE). */
export function unusualSequenceOptions(sequence: Fact): readonly string[] {
  const usual = usualOptions(sequence);
  return sequenceOptions(sequence).filter((option) => !usual.has(option));
}

const largest: Readonly<Record<string, string>> = {
  smallint: "32767",
  integer: "2147483647",
  bigint: "9223372036854775807",
};

function usualOptions(sequence: Fact): ReadonlySet<string> {
  if (textOf(sequence, "increment") !== "1") return new Set(["cache 1"]);
  const maximum = largest[textOf(sequence, "dataType") ?? ""] ?? "";
  const start = textOf(sequence, "minimum") ?? "";
  return new Set(["increment by 1", "minvalue 1", `maxvalue ${maximum}`, `start with ${start}`, "cache 1"]);
}

function collate(column: Fact): readonly string[] {
  const collation = textOf(column, "collation");
  return collation === undefined ? [] : [`collate ${collation}`];
}

function generate(column: Fact, world: World): readonly string[] {
  const identity = textOf(column, "identity");
  // A partition has its table's identity, and is refused with one of its own.
  if (identity !== undefined && isInPartition(column, world)) return [];
  if (identity !== undefined)
    return [`generated ${identity} as identity${identityOptions(column.key, world)}`];
  const generated = textOf(column, "generated");
  if (generated === undefined) return [];
  return [`generated always as (${textOf(column, "expression") ?? ""}) ${generated}`];
}

function isInPartition(column: Fact, world: World): boolean {
  if (column.parent === undefined || !isSet(column, "inherited")) return false;
  return world.to.facts.get(column.parent)?.attributes["partitionOf"] !== undefined;
}

function nameNotNull(column: Fact): string {
  const name = textOf(column, "notNullName");
  return name === undefined ? "" : `constraint ${quoteIdentifier(name)} `;
}

function columnTable(sequence: Fact, world: World): string {
  return world.to.facts.get(sequence.parent ?? sequence.key)?.id.within ?? "";
}

function columnName(sequence: Fact, world: World): string {
  return world.to.facts.get(sequence.parent ?? sequence.key)?.id.name ?? "";
}
