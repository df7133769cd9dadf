import { sql } from "../database/sql.ts";
import type { Query } from "../ports.ts";

/** What the API serves unless it was told otherwise. */
const usualSchemas: Query = sql`array['public']`;

/**
 * Relations that every check can read: `api_schema`, the schemas that the API serves; `user_schema`, those that are neither the
 * system's nor the platform's; `api_role`, who asks through the API; `api_relation`, what an API role has any privilege on in an
 * API schema; `shown_policy`, policies with their expressions as text.
 */
export const surroundings: Query = sql`
  api_schema as materialized (
    select n.oid, n.nspname
    from pg_catalog.pg_namespace n
    where n.nspname = any (
      coalesce(
        (
          select string_to_array(regexp_replace(split_part(c.setting, '=', 2), '\\s', '', 'g'), ',')
          from pg_catalog.pg_db_role_setting s
          join pg_catalog.pg_roles r on r.oid = s.setrole and r.rolname = 'authenticator'
          cross join unnest(s.setconfig) c (setting)
          where c.setting like 'pgrst.db_schemas=%' and s.setdatabase in (
            0, (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
          )
          order by s.setdatabase desc
          limit 1
        ),
        ${usualSchemas}
      )
    )
  ),
  user_schema as materialized (
    select n.oid, n.nspname
    from pg_catalog.pg_namespace n
    where n.nspname !~ '^pg_'
      and n.nspname not in (
        'information_schema', 'auth', 'storage', 'realtime', '_realtime', '_analytics', '_supavisor', 'vault', 'extensions',
        'graphql', 'graphql_public', 'pgbouncer', 'supabase_functions', 'supabase_migrations', 'cron', 'net', 'pgmq',
        'pgsodium', 'pgsodium_masks', 'tiger', 'tiger_data', 'topology'
      )
  ),
  api_role as materialized (
    select r.oid, r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated')
  ),
  of_extension as materialized (
    select d.classid, d.objid from pg_catalog.pg_depend d where d.deptype = 'e'
  ),
  api_relation as materialized (
    select c.oid, s.nspname, c.relname, c.relkind, c.relrowsecurity, c.reloptions, s.nspname || '.' || c.relname as shown
    from pg_catalog.pg_class c
    join api_schema s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
      and exists (
        select
        from api_role r
        where pg_catalog.has_schema_privilege(r.oid, s.oid, 'usage')
          and case
            when c.relkind in ('r', 'p', 'v', 'm', 'f')
              then pg_catalog.has_table_privilege(r.oid, c.oid, 'select, insert, update, delete')
                or pg_catalog.has_any_column_privilege(r.oid, c.oid, 'select, insert, update')
          end
      )
      and not exists (
        select from of_extension e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid
      )
  ),
  shown_policy as materialized (
    select
      p.polrelid, p.polname, p.polcmd, p.polpermissive, p.polroles, n.nspname, c.relname, c.relrowsecurity,
      n.nspname || '.' || c.relname as shown,
      coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '') as using_text,
      coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '') as check_text
    from pg_catalog.pg_policy p
    join pg_catalog.pg_class c on c.oid = p.polrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  )`;
