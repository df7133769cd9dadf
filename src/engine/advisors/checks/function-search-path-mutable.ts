import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A function that finds names wherever its caller says. */
export const functionSearchPathMutable: AdvisorCheck = {
  name: "function_search_path_mutable",
  category: "security",
  level: "warning",
  message: "Its search_path is the caller's; add set search_path = '' and qualify names.",
  query: sql`
    select 'function ' || s.nspname || '.' || f.proname || '(' || pg_catalog.oidvectortypes(f.proargtypes) || ')' as object,
      null as detail
    from pg_catalog.pg_proc f
    join user_schema s on s.oid = f.pronamespace
    join pg_catalog.pg_language l on l.oid = f.prolang and l.lanname not in ('c', 'internal')
    where f.prosqlbody is null
      and not exists (select from unnest(f.proconfig) o where o like 'search_path=%')
      and not exists (
        select from of_extension e where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = f.oid
      )`,
};
