import { joinSql, sql, userStatement } from "../database/sql.ts";
import type { Query } from "../ports.ts";
import { quoteIdentifier } from "../sql/quote.ts";

/** An object of the catalog: `classid`, `objid` and, for a column, `objsubid`, as in pg_depend. */
export interface Address {
  readonly catalog: string;
  readonly oid: string;
  readonly sub: number;
}

/** Rows are counted to here; what has more is told as "at least". */
export const mostCounted = 1_000_000;

export const roots = {
  relation: (text: string) => sql`
    select 'pg_class' as catalog, to_regclass(${text})::oid::text as oid, 0 as sub`,
  type: (text: string) => sql`
    select 'pg_type' as catalog, to_regtype(${text})::oid::text as oid, 0 as sub`,
  schema: (name: string) => sql`
    select 'pg_namespace' as catalog, oid::text, 0 as sub from pg_catalog.pg_namespace where nspname = ${name}`,
  extension: (name: string) => sql`
    select 'pg_extension' as catalog, oid::text, 0 as sub from pg_catalog.pg_extension where extname = ${name}`,
  routine: (schema: string | null, name: string) => sql`
    select 'pg_proc' as catalog, p.oid::text, 0 as sub
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where p.proname = ${name}
      and (n.nspname = ${schema} or (${schema}::text is null and pg_function_is_visible(p.oid)))`,
  column: (text: string, column: string) => sql`
    select 'pg_class' as catalog, a.attrelid::text as oid, a.attnum::int as sub
    from pg_catalog.pg_attribute a
    where a.attrelid = to_regclass(${text})
      and a.attname = ${column}
      and not a.attisdropped`,
};

/**
 * Everything that goes together with an object: what belongs to it and, where the drop cascades, what depends on it.
 * An object found through a part of its own (a view through its rule) goes as a whole (pg_depend, deptype i).
 */
export function closureOf({ catalog, oid, sub }: Address, follows: readonly string[]): Query {
  return sql`
    with recursive gone (classid, objid, objsubid) as (
      select ${`pg_catalog.${catalog}`}::regclass::oid, ${oid}::oid, ${sub}::int
      union
      select found.classid, found.objid, found.objsubid
      from gone g
      cross join lateral (
        select d.classid, d.objid, d.objsubid
        from pg_catalog.pg_depend d
        where d.refclassid = g.classid
          and d.refobjid = g.objid
          and (g.objsubid = 0 or d.refobjsubid = g.objsubid)
          and d.deptype = any (${follows}::"char"[])
        union all
        select d.refclassid, d.refobjid, d.refobjsubid
        from pg_catalog.pg_depend d
        where d.classid = g.classid
          and d.objid = g.objid
          and d.objsubid = g.objsubid
          and d.deptype = 'i'
          and (g.classid, g.objid) <> (${`pg_catalog.${catalog}`}::regclass::oid, ${oid}::oid)
      ) found
    )
    select
      g.classid::regclass::text as catalog,
      g.objid::text as oid,
      g.objsubid::int as sub,
      coalesce(c.relkind, '')::text as relkind,
      coalesce(c.relispartition, false) as is_partition,
      coalesce(c.relrowsecurity, false) as has_row_security,
      c.relname as relation,
      n.nspname as schema,
      a.attname as column,
      i.type as kind,
      i.identity as identity
    from gone g
    cross join lateral pg_identify_object(g.classid, g.objid, g.objsubid) i
    left join pg_catalog.pg_class c on g.classid = 'pg_catalog.pg_class'::regclass and c.oid = g.objid
    left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = g.objsubid and g.objsubid > 0
    left join pg_catalog.pg_trigger t on g.classid = 'pg_catalog.pg_trigger'::regclass and t.oid = g.objid
    where i.type is not null
      and t.tgisinternal is not true
    order by g.objsubid = 0 and c.relkind is distinct from 'r', i.identity
    limit 2000`;
}

/** A qualified name as `to_regclass` and SQL text take it. */
export function quoted(schema: string | undefined | null, name: string): string {
  return [schema, name]
    .flatMap((part) => (part === undefined || part === null ? [] : [quoteIdentifier(part)]))
    .join(".");
}

/** Counts rows to the bound; with a condition only those that meet it. Names are quoted by the caller. */
export function countRows(relation: string, condition?: string): Query {
  const where = condition === undefined ? "" : ` where ${condition}`;
  return joinSql(
    [
      userStatement(`select count(*)::int as count from (select from ${relation}${where}`),
      userStatement(`limit ${mostCounted + 1}) counted`),
    ],
    " ",
  );
}

/** What the statistics say of a relation and its partitions; -1 where they say nothing. */
export function estimateRows(oid: string): Query {
  return sql`
    select
      case
        when bool_and(c.reltuples < 0 and pg_relation_size(c.oid) > 0) then -1
        else sum(greatest(c.reltuples, 0))
      end::float8 as count
    from pg_catalog.pg_class c
    where c.oid = ${oid}::oid
      or c.oid in (select relid from pg_partition_tree(${oid}::oid::regclass))`;
}

/** A column's type as SQL has it, and its relation. */
export function columnType(relationOid: string, sub: number): Query {
  return sql`
    select format_type(a.atttypid, a.atttypmod) as type
    from pg_catalog.pg_attribute a
    where a.attrelid = ${relationOid}::oid and a.attnum = ${sub}`;
}

export function policyOf(relationOid: string, policy: string): Query {
  return sql`select from pg_catalog.pg_policy where polrelid = ${relationOid}::oid and polname = ${policy}`;
}

/** The tables that a TRUNCATE … CASCADE empties besides: those whose foreign keys lead to it, and theirs. */
export function referencing(relationOid: string): Query {
  return sql`
    with recursive emptied (oid) as (
      select ${relationOid}::oid
      union
      select k.conrelid
      from emptied e
      join pg_catalog.pg_constraint k on k.confrelid = e.oid and k.contype = 'f'
    )
    select
      'pg_class' as catalog, c.oid::text as oid, 0 as sub, c.relkind::text as relkind,
      c.relispartition as is_partition, c.relrowsecurity as has_row_security,
      c.relname as relation, n.nspname as schema
    from emptied e
    join pg_catalog.pg_class c on c.oid = e.oid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.oid <> ${relationOid}::oid`;
}

/** Counts the values of a column that another type does not keep as they are. The type is SQL text written by us. */
export function countChangedValues(value: {
  readonly relation: string;
  readonly column: string;
  readonly newType: string;
  readonly oldType: string;
}): Query {
  const { relation, column, newType, oldType } = value;
  const converted = `${column}::${newType}::${oldType}`;
  return countRows(relation, `${column} is not null and ${converted} is distinct from ${column}`);
}

/** Whether a table outside the platform's schemas and the history has ever held a row. */
export const anyRows = sql`
  select exists (
    select
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r'
      and n.nspname !~ '^(pg_|_?realtime|supabase_|graphql|information_schema$|auth$|storage$|vault$|extensions$|net$|cron$|pgsodium|pgbouncer$)'
      and pg_relation_size(c.oid) > 0
  ) as has_rows`;
