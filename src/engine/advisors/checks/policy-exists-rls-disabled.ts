import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** Policies that nothing asks, because row level security is off. */
export const policyExistsRlsDisabled: AdvisorCheck = {
  name: "policy_exists_rls_disabled",
  category: "security",
  level: "error",
  message: "It has policies, but row level security is off: they do nothing; enable it.",
  query: sql`
    select distinct 'table ' || p.shown as object, null as detail
    from shown_policy p
    where not p.relrowsecurity`,
};
