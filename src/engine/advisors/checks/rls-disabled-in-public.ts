import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A table of the API without row level security: whoever has a key reads and writes what is granted. */
export const rlsDisabledInPublic: AdvisorCheck = {
  name: "rls_disabled_in_public",
  category: "security",
  level: "error",
  message: "The API serves it without row level security; enable it and add policies.",
  query: sql`
    select 'table ' || r.shown as object, null as detail
    from api_relation r
    where r.relkind in ('r', 'p') and not r.relrowsecurity`,
};
