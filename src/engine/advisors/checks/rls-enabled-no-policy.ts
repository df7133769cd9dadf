import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** Row level security without a policy: nobody but owners and bypassing roles sees a row. */
export const rlsEnabledNoPolicy: AdvisorCheck = {
  name: "rls_enabled_no_policy",
  category: "security",
  level: "info",
  message: "Row level security is on and no policy allows anything; add policies, or leave it so on purpose.",
  query: sql`
    select 'table ' || s.nspname || '.' || c.relname as object, null as detail
    from pg_catalog.pg_class c
    join user_schema s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p')
      and c.relrowsecurity
      and not exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid)`,
};
