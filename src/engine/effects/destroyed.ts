import { ident, joinSql, sql } from "../database/sql.ts";
import type { SeenRelation, TableRows } from "../model/effects.ts";
import type { Query, Row, Session } from "../ports.ts";
import type { DoomedTables } from "../sql/doomed-tables.ts";

/** A file of this size is counted in some 10 ms; the estimate serves beyond it. */
const largestCountedBytes = 8 * 1024 * 1024;

/** More tables than this in one go are estimated. */
const mostCounted = 200;

interface Countable {
  readonly schema: string;
  readonly name: string;
  readonly bytes: number;
  /** The planner's; -1 where it has none. */
  readonly estimatedRows: number;
  /** False where we may not see every row. */
  readonly isReadable: boolean;
}

/** Bytes that a row is taken to need in a table that was never analyzed. */
const usualRowBytes = 100;

/** How many rows these tables hold: counted where they are small and can be read, else estimated. Tables without rows are left out. */
export async function countRowsOf(
  session: Session,
  relations: readonly SeenRelation[],
): Promise<readonly TableRows[]> {
  if (relations.length === 0) return [];
  const oids = relations.map(({ oid }) => oid);
  const { rows } = await session.run(sql`
    select ${countable}
    from unnest(${oids}::text[]) o (oid)
    join pg_catalog.pg_class c on c.oid = o.oid::oid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r'`);
  return countRows(session, rows.map(toCountable));
}

const countable: Query = sql`
  n.nspname as schema,
  c.relname as name,
  pg_catalog.pg_relation_size(c.oid)::float8 as bytes,
  c.reltuples::float8 as estimated_rows,
  pg_catalog.has_table_privilege(c.oid, 'select') and not pg_catalog.row_security_active(c.oid) as is_readable`;

function toCountable(row: Row): Countable {
  return {
    schema: String(row["schema"]),
    name: String(row["name"]),
    bytes: Number(row["bytes"]),
    estimatedRows: Number(row["estimated_rows"]),
    isReadable: row["is_readable"] === true,
  };
}

async function countRows(session: Session, tables: readonly Countable[]): Promise<readonly TableRows[]> {
  const small = tables
    .filter(({ bytes, isReadable }) => bytes <= largestCountedBytes && isReadable)
    .slice(0, mostCounted);
  const counted = await countExactly(session, small);
  return tables.flatMap((table) => {
    const rows = counted.get(table) ?? estimateRows(table);
    const estimate = counted.has(table) ? {} : { isEstimate: true };
    if (rows === 0) return [];
    const none = { inserted: 0, updated: 0, deleted: 0 };
    return [{ table: `${table.schema}.${table.name}`, ...none, destroyed: rows, ...estimate }];
  });
}

function estimateRows({ estimatedRows, bytes }: Countable): number {
  return estimatedRows >= 0 ? estimatedRows : Math.round(bytes / usualRowBytes);
}

async function countExactly(
  session: Session,
  tables: readonly Countable[],
): Promise<ReadonlyMap<Countable, number>> {
  if (tables.length === 0) return new Map();
  const counts = tables.map(
    ({ schema, name }, index) =>
      sql`select ${index}::integer as place, count(*)::text as rows from only ${ident(schema, name)}`,
  );
  const { rows } = await session.run(joinSql(counts, " union all "));
  return new Map(
    rows.flatMap((row) => {
      const table = tables[Number(row["place"])];
      return table === undefined ? [] : [[table, Number(row["rows"])] as const];
    }),
  );
}

/** The rows of the tables that a DROP or TRUNCATE is about to destroy, with their partitions and what CASCADE empties. */
export async function countDoomed(session: Session, doomed: DoomedTables): Promise<readonly TableRows[]> {
  const { rows } = await session.run(sql`
    with recursive doomed as (
      select pg_catalog.to_regclass(t.name)::oid as oid
      from unnest(${doomed.tables}::text[]) t (name)
      where pg_catalog.to_regclass(t.name) is not null
      union
      select c.oid
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = any (${doomed.schemas}::text[]) and c.relkind in ('r', 'p')
      union
      select related.oid
      from doomed d
      cross join lateral (
        select i.inhrelid as oid
        from pg_catalog.pg_inherits i
        where i.inhparent = d.oid and ${doomed.withChildren}::boolean
        union all
        select k.conrelid
        from pg_catalog.pg_constraint k
        where k.contype = 'f' and k.confrelid = d.oid and ${doomed.withReferrers}::boolean
      ) related
    )
    select ${countable}
    from doomed d
    join pg_catalog.pg_class c on c.oid = d.oid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence <> 't'
    order by 1, 2`);
  return countRows(session, rows.map(toCountable));
}
