import * as z from "zod";
import { sql } from "../database/sql.ts";
import type { NamedThing, Things } from "../model/things.ts";
import type { Session } from "../ports.ts";

const thingRow = z.object({
  id: z.string(),
  kind: z.enum([
    "schema",
    "table",
    "view",
    "materialized_view",
    "sequence",
    "index",
    "foreign_table",
    "type",
    "column",
    "constraint",
  ]),
  schema: z.string(),
  within: z.string(),
  name: z.string(),
  is_domain: z.boolean(),
  holds: z.boolean(),
  estimate: z.number(),
  type: z.string(),
  position: z.string().nullable(),
});

/** What can be renamed, by what the server itself knows it by, so that a renamed thing is not taken for another one. */
export async function readThings(session: Session): Promise<Things> {
  const { rows } = await session.run(thingsQuery);
  const things = z.array(thingRow).parse(rows[0]?.["things"]);
  return new Map(
    things.map(({ id, is_domain: isOfDomain, ...rest }): readonly [string, NamedThing] => [
      id,
      { id, isOfDomain, ...rest },
    ]),
  );
}

/** Whether a table has a file with something in it is told without reading it. Indexes of constraints go by the constraint's name. */
const thingsQuery = sql`
  with
    ns as materialized (
      select n.oid, n.nspname
      from pg_catalog.pg_namespace n
      where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'supabase_migrations')
    ),
    rel as materialized (
      select
        c.oid, ns.nspname, c.relname, c.relkind, c.reltuples,
        case
          when c.relkind = 'S' and pg_catalog.has_sequence_privilege(c.oid, 'usage')
            then pg_catalog.pg_sequence_last_value(c.oid)::text
        end as position
      from pg_catalog.pg_class c
      join ns on ns.oid = c.relnamespace
      where c.relpersistence <> 't' and c.relkind in ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'f')
    )
  select coalesce(json_agg(t), '[]') as things
  from (
    select 'n' || ns.oid as id, 'schema' as kind, '' as schema, '' as within, ns.nspname as name,
      false as is_domain, false as holds, 0 as estimate, '' as type, null::text as position
    from ns
    union all
    select
      'r' || rel.oid,
      case
        when rel.relkind in ('r', 'p') then 'table'
        when rel.relkind = 'v' then 'view'
        when rel.relkind = 'm' then 'materialized_view'
        when rel.relkind = 'S' then 'sequence'
        when rel.relkind = 'f' then 'foreign_table'
        else 'index'
      end,
      rel.nspname, '', rel.relname, false,
      case
        when rel.relkind = 'r' then pg_catalog.pg_relation_size(rel.oid) > 0
        when rel.relkind = 'S' then rel.position is not null
        else false
      end,
      greatest(rel.reltuples, 0), '', rel.position
    from rel
    where rel.relkind not in ('i', 'I')
      or not exists (
        select from pg_catalog.pg_constraint k where k.conindid = rel.oid and k.contype in ('p', 'u', 'x')
      )
    union all
    select 'a' || rel.oid || '.' || a.attnum, 'column', rel.nspname, rel.relname, a.attname, false, false, 0,
      a.atttypid || ' ' || a.atttypmod, null
    from rel
    join pg_catalog.pg_attribute a on a.attrelid = rel.oid and a.attnum > 0 and not a.attisdropped and a.attinhcount = 0
    where rel.relkind in ('r', 'p', 'f')
    union all
    select 't' || t.oid, 'type', ns.nspname, '', t.typname, t.typtype = 'd', false, 0, '', null
    from pg_catalog.pg_type t
    join ns on ns.oid = t.typnamespace
    where t.typtype in ('d', 'e', 'r')
    union all
    select
      'c' || k.oid, 'constraint', ns.nspname, coalesce(rel.relname, t.typname), k.conname,
      rel.oid is null, false, 0, '', null
    from pg_catalog.pg_constraint k
    join ns on ns.oid = k.connamespace
    left join rel on rel.oid = k.conrelid
    left join pg_catalog.pg_type t on t.oid = k.contypid
    where k.contype in ('p', 'u', 'x', 'f', 'c')
      and k.conparentid = 0
      and k.coninhcount = 0
      and coalesce(rel.relname, t.typname) is not null
  ) t`;
