import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A policy that lets everyone it is for write everything. */
export const rlsPolicyAlwaysTrue: AdvisorCheck = {
  name: "rls_policy_always_true",
  category: "security",
  level: "warning",
  message: "A policy lets its roles write every row; name the rows that are theirs.",
  query: sql`
    select 'table ' || p.shown as object, p.polname as detail
    from shown_policy p
    where p.polpermissive
      and p.polcmd::text in ('*', 'a', 'w', 'd')
      and (
        p.using_text ~* '^\\(*(true|1 = 1)\\)*$'
          and (p.polcmd::text <> '*' or p.check_text = '' or p.check_text ~* '^\\(*(true|1 = 1)\\)*$')
        or p.check_text ~* '^\\(*(true|1 = 1)\\)*$'
      )
      and exists (select from api_role r where 0 = any (p.polroles) or r.oid = any (p.polroles))`,
};
