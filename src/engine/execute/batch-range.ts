import { ident, sql } from "../database/sql.ts";
import { EngineError } from "../errors.ts";
import { renderKey, type PhaseKey, type PhaseProgress } from "../model/phase.ts";
import type { Query, Session } from "../ports.ts";

/** The key's column, as the catalog and its rows have it. */
export interface KeyColumn {
  readonly key: PhaseKey;
  readonly type: KeyType;
  /** False where no index leads with the column, so that each batch reads the whole table. */
  readonly isIndexed: boolean;
  readonly rows: number;
  readonly isEstimate: boolean;
  /** Its largest value as text; null where there is none. */
  readonly end: string | null;
}

/** Types whose values have an order that does not change, and a text that names them exactly. */
const castTo = {
  smallint: sql`pg_catalog.int2`,
  integer: sql`pg_catalog.int4`,
  bigint: sql`pg_catalog.int8`,
  uuid: sql`pg_catalog.uuid`,
  text: sql`pg_catalog.text`,
  "character varying": sql`pg_catalog.varchar`,
  "timestamp with time zone": sql`pg_catalog.timestamptz`,
  "timestamp without time zone": sql`pg_catalog.timestamp`,
  date: sql`pg_catalog.date`,
} as const satisfies Record<string, Query>;

type KeyType = keyof typeof castTo;

/** A table below this size is counted; beyond it the planner's estimate serves. */
const largestCountedBytes = 64 * 1024 * 1024;

/** Looks the key up. Throws `invalid_input` where it is no column that can cut a table into batches. */
export async function readKeyColumn(session: Session, key: PhaseKey): Promise<KeyColumn> {
  const { rows } = await session.run(sql`
    select
      pg_catalog.format_type(a.atttypid, null) as type,
      c.relkind in ('r', 'p') as is_table,
      a.attnotnull as is_not_null,
      exists (
        select from pg_catalog.pg_index i
        where i.indrelid = c.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null
      ) as is_indexed,
      (
        select coalesce(sum(pg_catalog.pg_relation_size(p.relid)), pg_catalog.pg_relation_size(c.oid))::float8
        from pg_catalog.pg_partition_tree(c.oid) p
      ) as bytes,
      (
        select coalesce(sum(greatest(k.reltuples, 0)), greatest(c.reltuples, 0))::float8
        from pg_catalog.pg_partition_tree(c.oid) p
        join pg_catalog.pg_class k on k.oid = p.relid
        where p.isleaf
      ) as estimate
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid
    where n.nspname = ${key.schema} and c.relname = ${key.table} and a.attname = ${key.column} and a.attnum > 0`);
  const row = rows[0];
  if (row?.["is_table"] !== true) throw badKey(key, "there is no such column of a table");
  const type = String(row["type"]);
  if (!isKeyType(type))
    throw badKey(key, `a ${type} cannot be a key; take an integer, uuid, text, date or timestamp column`);
  if (row["is_not_null"] !== true && (await hasNulls(session, key)))
    throw badKey(
      key,
      "rows with NULL in it would never be reached; take the primary key, or another column without NULL",
    );
  const isCounted = Number(row["bytes"]) <= largestCountedBytes;
  return {
    key,
    type,
    isIndexed: row["is_indexed"] === true,
    rows: isCounted ? await countRows(session, key) : Number(row["estimate"]),
    isEstimate: !isCounted,
    end: await readEnd(session, key),
  };
}

function isKeyType(type: string): type is KeyType {
  return Object.hasOwn(castTo, type);
}

function badKey(key: PhaseKey, reason: string): EngineError {
  return new EngineError("invalid_input", `The key ${renderKey(key)} cannot be used: ${reason}.`);
}

async function hasNulls(session: Session, { schema, table, column }: PhaseKey): Promise<boolean> {
  const { rows } = await session.run(sql`
    select exists (select from ${ident(schema, table)} where ${ident(column)} is null) as has_nulls`);
  return rows[0]?.["has_nulls"] === true;
}

async function countRows(session: Session, { schema, table }: PhaseKey): Promise<number> {
  const { rows } = await session.run(sql`select count(*)::float8 as rows from ${ident(schema, table)}`);
  return Number(rows[0]?.["rows"]);
}

async function readEnd(session: Session, { schema, table, column }: PhaseKey): Promise<string | null> {
  const { rows } = await session.run(sql`
    select to_jsonb(${ident(column)}) #>> '{}' as last
    from ${ident(schema, table)}
    where ${ident(column)} is not null
    order by ${ident(column)} desc
    limit 1`);
  const last = rows[0]?.["last"];
  return typeof last === "string" ? last : null;
}

/** The keys of one batch, both ends included; rows of one key are never parted. */
export interface BatchRange {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** The batch behind the mark; undefined where nothing is left. */
export async function readNextRange(
  session: Session,
  column: KeyColumn,
  { mark, end }: Pick<PhaseProgress, "mark" | "end">,
  size: number,
): Promise<BatchRange | undefined> {
  const { key, type } = column;
  const cast = castTo[type];
  const behind = mark === null ? sql`true` : sql`${ident(key.column)} > ${mark}::${cast}`;
  const { rows } = await session.run(sql`
    with batch as materialized (
      select ${ident(key.column)} as key
      from ${ident(key.schema, key.table)}
      where ${behind} and ${ident(key.column)} <= ${end}::${cast}
      order by ${ident(key.column)}
      limit ${size}
    )
    select
      (select to_jsonb(b.key) #>> '{}' from batch b order by b.key limit 1) as first,
      (select to_jsonb(b.key) #>> '{}' from batch b order by b.key desc limit 1) as last,
      (select count(*)::integer from batch) as rows`);
  const { first, last, rows: count } = rows[0] ?? {};
  return typeof first === "string" && typeof last === "string"
    ? { from: first, to: last, rows: Number(count) }
    : undefined;
}

/** What came too late for a phase: rows beyond its end, or without a key. */
export async function hasLateRows(session: Session, column: KeyColumn, end: string | null): Promise<boolean> {
  const { schema, table, column: name } = column.key;
  const beyond = end === null ? sql`true` : sql`${ident(name)} > ${end}::${castTo[column.type]}`;
  const { rows } = await session.run(sql`
    select
      exists (select from ${ident(schema, table)} where ${beyond})
      or exists (select from ${ident(schema, table)} where ${ident(name)} is null) as has_late`);
  return rows[0]?.["has_late"] === true;
}
