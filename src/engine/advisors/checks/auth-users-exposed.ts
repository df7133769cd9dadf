import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A view of the API that shows auth.users. */
export const authUsersExposed: AdvisorCheck = {
  name: "auth_users_exposed",
  category: "security",
  level: "error",
  message:
    "It shows auth.users through the API; move it out of the exposed schemas or leave auth.users out of it.",
  query: sql`
    select distinct r.relname_kind || ' ' || r.shown as object, null as detail
    from (
      select a.*, case a.relkind when 'm' then 'materialized view' else 'view' end as relname_kind
      from api_relation a
      where a.relkind in ('v', 'm')
    ) r
    join pg_catalog.pg_rewrite w on w.ev_class = r.oid
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = w.oid
    join pg_catalog.pg_class u on d.refclassid = 'pg_catalog.pg_class'::regclass and u.oid = d.refobjid and u.relname = 'users'
    join pg_catalog.pg_namespace n on n.oid = u.relnamespace and n.nspname = 'auth'`,
};
