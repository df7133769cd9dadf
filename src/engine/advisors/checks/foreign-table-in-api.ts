import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A foreign table of the API: row level security does not hold for it. */
export const foreignTableInApi: AdvisorCheck = {
  name: "foreign_table_in_api",
  category: "security",
  level: "warning",
  message:
    "The API serves it, and row level security does not hold for it; revoke select or move it to another schema.",
  query: sql`
    select 'foreign table ' || r.shown as object, null as detail
    from api_relation r
    where r.relkind = 'f'`,
};
