import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A policy that trusts what its users write about themselves. */
export const rlsReferencesUserMetadata: AdvisorCheck = {
  name: "rls_references_user_metadata",
  category: "security",
  level: "error",
  message: "A policy reads user_metadata, which users can change themselves; use app_metadata or a table.",
  query: sql`
    select 'table ' || p.shown as object, p.polname as detail
    from shown_policy p
    where p.using_text || ' ' || p.check_text ~* 'user_?meta_?data'`,
};
