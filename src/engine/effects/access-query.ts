import * as z from "zod";
import { sql } from "../database/sql.ts";
import type { AccessMatrix, AccessRow } from "../model/effects.ts";
import type { Query, Session } from "../ports.ts";

const grantees: Query = sql`
  select 0::oid as oid, 'PUBLIC' as name
  union all
  select r.oid, r.rolname
  from pg_catalog.pg_roles r
  where r.rolname in ('anon', 'authenticated', 'service_role')`;

/** Objects of the system's schemas are nobody's to change; parts of extensions come and go with these. */
const spaces: Query = sql`
  select n.oid, n.nspname, n.nspowner
  from pg_catalog.pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

const relationAccess: Query = sql`
  select
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end
      || ' ' || s.nspname || '.' || c.relname as object,
    g.name as grantee,
    p.privilege as value
  from pg_catalog.pg_class c
  join space s on s.oid = c.relnamespace
  cross join grantee g
  cross join (
    values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')
  ) p (privilege)
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and case
      when c.relkind in ('r', 'p', 'v', 'm', 'f') then pg_catalog.has_table_privilege(g.oid, c.oid, p.privilege)
    end`;

const sequenceAccess: Query = sql`
  select 'sequence ' || s.nspname || '.' || c.relname, g.name, p.privilege
  from pg_catalog.pg_class c
  join space s on s.oid = c.relnamespace
  cross join grantee g
  cross join (values ('SELECT'), ('UPDATE'), ('USAGE')) p (privilege)
  where c.relkind = 'S'
    and case when c.relkind = 'S' then pg_catalog.has_sequence_privilege(g.oid, c.oid, p.privilege) end`;

/** Only where the column has grants of its own, and beyond what the whole table allows. */
const columnAccess: Query = sql`
  select 'column ' || s.nspname || '.' || c.relname || '.' || a.attname, g.name, p.privilege
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f')
  join space s on s.oid = c.relnamespace
  cross join grantee g
  cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')) p (privilege)
  where a.attacl is not null
    and a.attnum > 0
    and not a.attisdropped
    and pg_catalog.has_column_privilege(g.oid, c.oid, a.attnum, p.privilege)
    and not pg_catalog.has_table_privilege(g.oid, c.oid, p.privilege)`;

const routineAccess: Query = sql`
  select 'function ' || s.nspname || '.' || f.proname || '(' || pg_catalog.oidvectortypes(f.proargtypes) || ')', g.name, 'EXECUTE'
  from pg_catalog.pg_proc f
  join space s on s.oid = f.pronamespace
  cross join grantee g
  where pg_catalog.has_function_privilege(g.oid, f.oid, 'EXECUTE')
    and not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = f.oid and d.deptype = 'e'
    )`;

const placeAccess: Query = sql`
  select 'schema ' || s.nspname, g.name, p.privilege
  from space s
  cross join grantee g
  cross join (values ('USAGE'), ('CREATE')) p (privilege)
  where pg_catalog.has_schema_privilege(g.oid, s.oid, p.privilege)
  union all
  select 'this database', g.name, p.privilege
  from pg_catalog.pg_database d
  cross join grantee g
  cross join (values ('CREATE'), ('TEMPORARY')) p (privilege)
  where d.datname = current_database()
    and pg_catalog.has_database_privilege(g.oid, d.oid, p.privilege)
  union all
  select 'foreign server ' || f.srvname, g.name, 'USAGE'
  from pg_catalog.pg_foreign_server f
  cross join grantee g
  where pg_catalog.has_server_privilege(g.oid, f.oid, 'USAGE')`;

const defaultAccess: Query = sql`
  select
    'new '
      || case d.defaclobjtype
        when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else 'schemas'
      end
      || ' of ' || pg_catalog.pg_get_userbyid(d.defaclrole)
      || coalesce(' in schema ' || n.nspname, ''),
    g.name,
    x.privilege_type
  from pg_catalog.pg_default_acl d
  left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
  cross join lateral pg_catalog.aclexplode(d.defaclacl) x
  join grantee g on g.oid = x.grantee`;

/** Whose an object is, and what stands between a privilege and the rows. */
const attributes: Query = sql`
  select
    case c.relkind
      when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' when 'S' then 'sequence' else 'table'
    end || ' ' || s.nspname || '.' || c.relname as object,
    a.name as attribute,
    a.value
  from pg_catalog.pg_class c
  join space s on s.oid = c.relnamespace
  cross join lateral (
    values
      ('owner', pg_catalog.pg_get_userbyid(c.relowner)::text),
      (
        'row security',
        case
          when c.relkind not in ('r', 'p') then null
          when not c.relrowsecurity then 'off'
          when c.relforcerowsecurity then 'forced'
          else 'on'
        end
      ),
      (
        'runs with rights of',
        case
          when c.relkind <> 'v' then null
          when exists (
            select from unnest(c.reloptions) o
            where o ~* '^security_invoker=(true|on|yes|1|t|y)$'
          ) then 'the caller'
          else 'its owner'
        end
      )
  ) a (name, value)
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and a.value is not null
  union all
  select 'function ' || s.nspname || '.' || f.proname || '(' || pg_catalog.oidvectortypes(f.proargtypes) || ')', a.name, a.value
  from pg_catalog.pg_proc f
  join space s on s.oid = f.pronamespace
  cross join lateral (
    values
      ('owner', pg_catalog.pg_get_userbyid(f.proowner)::text),
      ('runs with rights of', case when f.prosecdef then 'its owner' else 'the caller' end)
  ) a (name, value)
  where not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = f.oid and d.deptype = 'e'
  )
  union all
  select 'schema ' || s.nspname, 'owner', pg_catalog.pg_get_userbyid(s.nspowner)::text
  from space s
  union all
  select 'role ' || r.rolname, a.name, a.value
  from pg_catalog.pg_roles r
  cross join lateral (
    values
      ('superuser', r.rolsuper::text),
      ('bypasses row security', r.rolbypassrls::text),
      ('creates roles', r.rolcreaterole::text),
      ('creates databases', r.rolcreatedb::text),
      ('replication', r.rolreplication::text),
      ('logs in', r.rolcanlogin::text),
      ('inherits', r.rolinherit::text),
      (
        'member of',
        coalesce(
          (
            select string_agg(distinct b.rolname, ', ' order by b.rolname)
            from pg_catalog.pg_auth_members m
            join pg_catalog.pg_roles b on b.oid = m.roleid
            where m.member = r.oid
          ),
          'none'
        )
      )
  ) a (name, value)
  where r.rolname !~ '^pg_'`;

const rowShape = z.tuple([z.string(), z.string(), z.string()]);

/**
 * Who of anon, authenticated, service_role and everyone may do what with which object, memberships counted, and what decides it:
 * owners, row security, whose rights a view or function runs with, attributes of roles, default privileges. One statement.
 */
export async function readAccess(session: Session): Promise<AccessMatrix> {
  const { rows } = await session.run(sql`
    with grantee as materialized (${grantees}), space as materialized (${spaces})
    select
      (
        select coalesce(json_agg(json_build_array(p.object, p.grantee, p.value)), '[]')
        from (
          ${relationAccess} union all ${sequenceAccess} union all ${columnAccess}
          union all ${routineAccess} union all ${placeAccess} union all ${defaultAccess}
        ) p
      ) as privileges,
      (
        select coalesce(json_agg(json_build_array(a.object, a.attribute, a.value)), '[]')
        from (${attributes}) a
      ) as attributes`);
  return { privileges: toRows(rows[0]?.["privileges"]), attributes: toRows(rows[0]?.["attributes"]) };
}

function toRows(given: unknown): readonly AccessRow[] {
  return z
    .array(rowShape)
    .parse(given)
    .map(([object, subject, value]) => ({ object, subject, value }));
}
