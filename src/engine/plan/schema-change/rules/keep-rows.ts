import type { Fact, FactKey } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { literal, nameOf, qualify } from "../names.ts";
import type { Draft } from "../rule.ts";
import { isGoing, isSet, keyOf, textOf, type World } from "../world.ts";
import { convertType } from "./convert-type.ts";

const hazards = ["TABLE_REWRITE", "ACCESS_EXCLUSIVE_LOCK"] as const;

/** For a table about to go: puts its rows aside where another table takes them up. Rows lie in tables that have no partitions. */
export function saveRows(table: Fact, world: World): readonly Draft[] {
  const heir = heirOf(table, world);
  const columns = heir === undefined ? [] : commonColumns(table, heir, world);
  if (columns.length === 0) return [];
  const list = columns.map(({ before, isText }) => {
    const name = quoteIdentifier(before.id.name);
    return isText ? `${name}::text as ${name}` : name;
  });
  const sql = `create table ${rowsOf(table)} as select ${list.join(", ")} from only ${nameOf(table.id)}`;
  return [{ sql, place: "early", hazards }];
}

/** For a table made anew: takes up the rows that were put aside for it. */
export function fillRows(table: Fact, world: World): readonly Draft[] {
  if (world.intents.get(table.key) !== "replace") return [];
  const givers = [...world.intents.keys()]
    .flatMap((key) => world.from.facts.get(key) ?? [])
    .filter((giver) => giver.kind === "table" && heirOf(giver, world)?.key === table.key);
  const drafts = givers.flatMap((giver) => fillFrom(giver, table, world));
  return drafts.length === 0 ? [] : [...drafts, ...continueIdentities(table, world)];
}

/** True where every column's values are in the table made anew; the values of a partitioned table are in its partitions. */
export function keepsAllRows(table: Fact, world: World): boolean {
  if (textOf(table, "partitionKey") !== undefined) return true;
  const heir = heirOf(table, world);
  const columns = world.from.children(table.key, "column");
  return heir !== undefined && commonColumns(table, heir, world).length === columns.length;
}

/** The table made anew that takes up this one's rows: its own successor, or that of a table of which it is a partition. */
function heirOf(table: Fact, world: World): Fact | undefined {
  if (table.kind !== "table" || textOf(table, "partitionKey") !== undefined || !isGoing(world, table.key))
    return undefined;
  for (let key: FactKey | undefined = table.key; key !== undefined;) {
    if (world.intents.get(key) === "replace" && !isForeign(world.to.facts.get(key)))
      return world.to.facts.get(key);
    key = keyOf(world.from.facts.get(key), "partitionOf");
  }
  return undefined;
}

function isForeign(table: Fact | undefined): boolean {
  return table?.kind !== "table";
}

interface CommonColumn {
  readonly before: Fact;
  readonly after: Fact;
  /** True where the type changes too, so that the values wait as text. */
  readonly isText: boolean;
}

function commonColumns(from: Fact, to: Fact, world: World): readonly CommonColumn[] {
  const after = new Map(world.to.children(to.key, "column").map((column) => [column.id.name, column]));
  return world.from.children(from.key, "column").flatMap((before) => {
    const other = after.get(before.id.name);
    if (other === undefined || textOf(other, "generated") !== undefined) return [];
    return [{ before, after: other, isText: before.dependsOn.some((key) => world.intents.has(key)) }];
  });
}

function fillFrom(giver: Fact, table: Fact, world: World): readonly Draft[] {
  const columns = commonColumns(giver, table, world);
  if (columns.length === 0) return [];
  const names = columns.map(({ after }) => quoteIdentifier(after.id.name));
  const values = columns.map(({ before, after, isText }, index) => {
    const name = names[index] ?? "";
    const type = textOf(after, "type") ?? "";
    if (isText) return `${name}::${type}`;
    const conversion = convertType({
      column: name,
      from: textOf(before, "type") ?? "",
      to: type,
      throughText: false,
    });
    return conversion.sql === "" ? name : conversion.sql.replace(/^ using /, "");
  });
  const rows = rowsOf(giver);
  return [
    {
      sql: `insert into ${nameOf(table.id)} (${names.join(", ")}) overriding system value select ${values.join(", ")} from ${rows}`,
      place: "fill",
      hazards,
    },
    { sql: `drop table ${rows}`, place: "fill" },
  ];
}

/** A new identity would count from the start again. */
function continueIdentities(table: Fact, world: World): readonly Draft[] {
  const name = nameOf(table.id);
  return world.to
    .children(table.key, "column")
    .filter((column) => textOf(column, "identity") !== undefined && !isSet(column, "inherited"))
    .map((column) => {
      const last = `max(${quoteIdentifier(column.id.name)})`;
      const sequence = `pg_catalog.pg_get_serial_sequence(${literal(name)}, ${literal(column.id.name)})`;
      return {
        sql: `select pg_catalog.setval(${sequence}, ${last}) from ${name} having ${last} is not null`,
        place: "fill",
      };
    });
}

function rowsOf(table: Fact): string {
  return qualify(table.id.schema, `${table.id.name.slice(0, 50)}__rows`);
}
