import { sql } from "../database/sql.ts";
import type { AdvisorCheck } from "./check.ts";

/** A function of the API that runs with its owner's rights and that this role may call. */
export function securityDefinerExecutableBy(role: "anon" | "authenticated"): AdvisorCheck {
  return {
    name: `${role}_security_definer_function_executable`,
    category: "security",
    level: "warning",
    message: `${role} may call it through the API, and it runs with its owner's rights; revoke execute or make it security invoker.`,
    query: sql`
    select 'function ' || s.nspname || '.' || f.proname || '(' || pg_catalog.oidvectortypes(f.proargtypes) || ')' as object,
      null as detail
    from pg_catalog.pg_proc f
    join api_schema s on s.oid = f.pronamespace
    join api_role g on g.rolname = ${role}
    where f.prosecdef
      and f.prorettype <> 'pg_catalog.trigger'::regtype
      and f.prorettype <> 'pg_catalog.event_trigger'::regtype
      and pg_catalog.has_schema_privilege(g.oid, s.oid, 'usage')
      and pg_catalog.has_function_privilege(g.oid, f.oid, 'execute')
      and not exists (
        select from of_extension e where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = f.oid
      )`,
  };
}
