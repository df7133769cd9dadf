import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** An extension whose functions lie in a schema of the API. */
export const extensionInPublic: AdvisorCheck = {
  name: "extension_in_public",
  category: "security",
  level: "warning",
  message: "It is installed in a schema that the API serves; install it in the schema extensions.",
  query: sql`
    select 'extension ' || x.extname as object, n.nspname as detail
    from pg_catalog.pg_extension x
    join pg_catalog.pg_namespace n on n.oid = x.extnamespace
    where n.nspname = 'public'`,
};
