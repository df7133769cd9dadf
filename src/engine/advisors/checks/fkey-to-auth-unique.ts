import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A foreign key to a column of the platform's tables that is only unique: an update of the platform may drop that. */
export const fkeyToAuthUnique: AdvisorCheck = {
  name: "fkey_to_auth_unique",
  category: "security",
  level: "error",
  message:
    "A foreign key refers to a unique column of auth instead of the primary key; refer to auth.users(id).",
  query: sql`
    select 'table ' || n.nspname || '.' || c.relname as object, k.conname as detail
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname <> 'auth'
    join pg_catalog.pg_class t on t.oid = k.confrelid
    join pg_catalog.pg_namespace o on o.oid = t.relnamespace and o.nspname = 'auth'
    join pg_catalog.pg_index i on i.indexrelid = k.conindid
    where k.contype = 'f' and not i.indisprimary`,
};
