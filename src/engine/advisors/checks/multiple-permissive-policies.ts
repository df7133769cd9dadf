import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** Several policies that each may allow the same: all of them are evaluated for each row. */
export const multiplePermissivePolicies: AdvisorCheck = {
  name: "multiple_permissive_policies",
  category: "performance",
  level: "warning",
  message: "Several permissive policies serve the same role and action; make them one.",
  query: sql`
    select 'table ' || p.shown as object, r.rolname || ' ' || a.name as detail
    from shown_policy p
    join user_schema s on s.nspname = p.nspname
    join api_role r on 0 = any (p.polroles) or r.oid = any (p.polroles)
    join (values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete')) a (cmd, name)
      on p.polcmd::text in ('*', a.cmd)
    where p.polpermissive
    group by p.polrelid, p.shown, r.rolname, a.name
    having count(*) > 1`,
};
