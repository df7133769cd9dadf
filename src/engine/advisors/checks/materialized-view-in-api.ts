import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A materialized view of the API: it has no row level security. */
export const materializedViewInApi: AdvisorCheck = {
  name: "materialized_view_in_api",
  category: "security",
  level: "warning",
  message:
    "The API serves it, and it cannot have row level security; revoke select or move it to another schema.",
  query: sql`
    select 'materialized view ' || r.shown as object, null as detail
    from api_relation r
    where r.relkind = 'm'`,
};
