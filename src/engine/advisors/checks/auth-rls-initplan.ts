import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A policy that asks who the caller is once for every row (73 ms instead of 3 ms on 20,000 rows: safety, S05). */
export const authRlsInitplan: AdvisorCheck = {
  name: "auth_rls_initplan",
  category: "performance",
  level: "warning",
  message:
    "A policy calls auth.*() or current_setting() for each row; write (select auth.uid()) and the like.",
  query: sql`
    select 'table ' || p.shown as object, p.polname as detail
    from shown_policy p
    join user_schema s on s.nspname = p.nspname
    cross join lateral (
      select regexp_replace(
        p.using_text || ' ' || p.check_text,
        'select\\s+\\(*(auth\\.(uid|jwt|role|email)\\(\\)|current_setting\\([^()]*\\))', '', 'gi'
      ) as rest
    ) unwrapped
    where unwrapped.rest ~* 'auth\\.(uid|jwt|role|email)\\(\\)|current_setting\\('`,
};
