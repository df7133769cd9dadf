import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A view of the API that reads with its owner's rights, past the row level security of its caller. */
export const securityDefinerView: AdvisorCheck = {
  name: "security_definer_view",
  category: "security",
  level: "error",
  message:
    "It reads with the rights of its owner and passes over row level security; set security_invoker = true.",
  query: sql`
    select 'view ' || r.shown as object, null as detail
    from api_relation r
    where r.relkind = 'v'
      and not exists (
        select from unnest(r.reloptions) o where o ~* '^security_invoker=(true|on|yes|1|t|y)$'
      )`,
};
