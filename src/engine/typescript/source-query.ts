import { joinSql, sql } from "../database/sql.ts";
import type { Query } from "../ports.ts";

/** Reads all that types of these schemas are made of in one statement; one row with `source`, JSON of the shape of `SchemaSource`. */
export function sourceQuery(schemas: readonly string[]): Query {
  const parts = Object.entries(sections).map(
    ([name, query]) => sql`${name}::text, (select coalesce(json_agg(to_json(x)), '[]') from (${query}) x)`,
  );
  return sql`
    with chosen as materialized (
      select oid, nspname from pg_catalog.pg_namespace where nspname = any (${schemas}::text[])
    )
    select json_build_object(
      'schemas', (select coalesce(json_agg(nspname), '[]') from chosen),
      'existingSchemas', (
        select json_agg(nspname order by nspname)
        from pg_catalog.pg_namespace
        where nspname !~ '^pg_' and nspname <> 'information_schema'
      ),
      ${joinSql(parts, ", ")}
    ) as source`;
}

/** What the role can see of a table is what PostgREST could show it. */
const visibleTable = sql`(
  pg_catalog.pg_has_role(c.relowner, 'usage')
  or pg_catalog.has_table_privilege(c.oid, 'select, insert, update, delete, truncate, references, trigger')
  or pg_catalog.has_any_column_privilege(c.oid, 'select, insert, update, references')
)`;

const relations = sql`
  select
    c.oid::int8 as id,
    n.nspname as schema,
    c.relname as name,
    c.relkind as kind,
    c.relkind = 'v' and pg_catalog.pg_relation_is_updatable(c.oid, true) & 8 = 8 as can_insert,
    c.relkind = 'v' and pg_catalog.pg_relation_is_updatable(c.oid, true) & 4 = 4 as can_update
  from pg_catalog.pg_class c
  join chosen n on n.oid = c.relnamespace
  where c.relkind in ('f', 'v', 'm') or (c.relkind in ('r', 'p') and ${visibleTable})`;

/** A rule or trigger that writes instead of the view takes whole rows: every column can then be given. */
const writtenInstead = sql`(
  exists (
    select from pg_catalog.pg_trigger g
    where g.tgrelid = c.oid and not g.tgisinternal and g.tgtype & 64 <> 0 and g.tgtype & 20 <> 0
  )
  or exists (
    select from pg_catalog.pg_rewrite w
    where w.ev_class = c.oid and w.is_instead and w.ev_type in ('2', '3') and w.ev_qual::text = '<>'
  )
)`;

const columns = sql`
  select
    c.oid::int8 as relation,
    a.attnum as number,
    a.attname as name,
    coalesce(base.typname, t.typname) as type,
    coalesce(bn.nspname, tn.nspname) as type_schema,
    not (a.attnotnull or (t.typtype = 'd' and t.typnotnull)) as is_nullable,
    a.atthasdef as has_default,
    a.attidentity as identity,
    a.attgenerated <> '' as is_generated,
    c.relkind = 'v' and (pg_catalog.pg_column_is_updatable(c.oid, a.attnum, false) or ${writtenInstead}) as is_updatable
  from pg_catalog.pg_class c
  join chosen n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
  left join pg_catalog.pg_type base on t.typtype = 'd' and base.oid = t.typbasetype
  left join pg_catalog.pg_namespace bn on bn.oid = base.typnamespace
  where c.relkind in ('r', 'p', 'f', 'v', 'm')
    and (
      pg_catalog.pg_has_role(c.relowner, 'usage')
      or pg_catalog.has_column_privilege(c.oid, a.attnum, 'select, insert, update, references')
    )`;

/** Defaults belong to the last of the arguments that a caller gives; the list of all has the outgoing ones between them. */
const functions = sql`
  select
    p.oid::int8 as id,
    n.nspname as schema,
    p.proname as name,
    (
      select coalesce(json_agg(json_build_object(
        'mode', coalesce(p.proargmodes[i], 'i'),
        'name', coalesce(p.proargnames[i], ''),
        'type', g.type::int8,
        'has_default', i > p.pronargs - p.pronargdefaults and i <= p.pronargs
      ) order by i), '[]')
      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality g (type, i)
    ) as arguments,
    pg_catalog.pg_get_function_arguments(p.oid) as argument_text,
    pg_catalog.pg_get_function_identity_arguments(p.oid) as identity_text,
    pg_catalog.pg_get_function_result(p.oid) as returns_text,
    p.prorettype::int8 as returns,
    nullif(r.typrelid::int8, 0) as returns_relation,
    p.proretset as is_set,
    case when p.proretset then nullif(p.prorows, 0) end as rows
  from pg_catalog.pg_proc p
  join chosen n on n.oid = p.pronamespace
  join pg_catalog.pg_type r on r.oid = p.prorettype
  where p.prokind = 'f' and r.typname not in ('trigger', 'event_trigger')`;

const types = sql`
  select
    t.oid::int8 as id,
    n.nspname as schema,
    t.typname as name,
    pg_catalog.format_type(t.oid, null) as text,
    nullif(t.typrelid::int8, 0) as relation,
    coalesce(
      (
        select json_agg(e.enumlabel order by e.enumsortorder)
        from pg_catalog.pg_enum e
        where e.enumtypid = t.oid
      ),
      '[]'
    ) as labels,
    coalesce(
      (
        select json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8) order by a.attnum)
        from pg_catalog.pg_attribute a
        where a.attrelid = c.oid and c.relkind = 'c' and a.attnum > 0 and not a.attisdropped
      ),
      '[]'
    ) as attributes
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  where t.typrelid = 0 or c.relkind in ('c', 'r', 'v', 'm', 'p', 'f')`;

const foreignKeys = sql`
  select
    k.conname as name,
    k.conrelid::int8 as relation,
    k.conkey as columns,
    k.confrelid::int8 as referenced,
    rn.nspname as referenced_schema,
    r.relname as referenced_name,
    k.confkey as referenced_columns,
    (
      select json_agg(a.attname order by u.i)
      from unnest(k.conkey) with ordinality u (number, i)
      join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number
    ) as names,
    (
      select json_agg(a.attname order by u.i)
      from unnest(k.confkey) with ordinality u (number, i)
      join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number
    ) as referenced_names,
    exists (
      select from pg_catalog.pg_constraint own
      where own.conrelid = k.conrelid
        and own.contype in ('p', 'u')
        and (select array_agg(x order by x) from unnest(own.conkey) x) = k.conkey
    ) as is_one_to_one
  from pg_catalog.pg_constraint k
  join chosen n on n.oid = k.connamespace
  join pg_catalog.pg_class r on r.oid = k.confrelid
  join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
  where k.contype = 'f' and k.conparentid = 0`;

const views = sql`
  select
    c.oid::int8 as id,
    (
      select coalesce(json_agg(json_build_object('number', a.attnum, 'name', a.attname) order by a.attnum), '[]')
      from pg_catalog.pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) as columns,
    w.ev_action::text as tree
  from pg_catalog.pg_class c
  join chosen n on n.oid = c.relnamespace
  join pg_catalog.pg_rewrite w on w.ev_class = c.oid and w.ev_type = '1'
  where c.relkind in ('v', 'm')`;

const sections: Readonly<Record<string, Query>> = {
  relations,
  columns,
  functions,
  types,
  foreignKeys,
  views,
};
