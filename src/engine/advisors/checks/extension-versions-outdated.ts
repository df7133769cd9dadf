import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** An extension that is older than what the server offers. */
export const extensionVersionsOutdated: AdvisorCheck = {
  name: "extension_versions_outdated",
  category: "security",
  level: "warning",
  message: "A newer version of it is available; run alter extension … update.",
  query: sql`
    select 'extension ' || x.extname as object, x.extversion as detail
    from pg_catalog.pg_extension x
    join pg_catalog.pg_available_extensions v on v.name = x.extname
    where v.default_version is not null and v.default_version <> x.extversion`,
};
