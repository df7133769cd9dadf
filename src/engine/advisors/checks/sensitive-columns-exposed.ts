import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A column that sounds like a secret in a table that everyone with a key can read. */
export const sensitiveColumnsExposed: AdvisorCheck = {
  name: "sensitive_columns_exposed",
  category: "security",
  level: "error",
  message:
    "The API serves a column that sounds sensitive, without row level security; enable it, or revoke select on the column.",
  query: sql`
    select 'table ' || r.shown as object, a.attname as detail
    from api_relation r
    join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    where r.relkind in ('r', 'p')
      and not r.relrowsecurity
      and a.attname ~* '(^|_)(password|passwd|pwd|passphrase|secret|api_?key|private_?key|access_?token|refresh_?token|auth_?token|ssn|social_security(_number)?|passport(_number)?|driver_?licen[cs]e|tax_?id|credit_?card|card_?number|cvv|iban|bank_account|pin_code|otp|mfa|medical_record|diagnosis|date_of_birth|dob|biometric)($|_)'
      and exists (
        select from api_role g where pg_catalog.has_column_privilege(g.oid, r.oid, a.attnum, 'select')
      )`,
};
