import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A column of a type that names an object by its number, which stops pg_upgrade. */
export const unsupportedRegTypes: AdvisorCheck = {
  name: "unsupported_reg_types",
  category: "security",
  level: "warning",
  message: "A column has a reg* type, which the platform cannot upgrade; use text.",
  query: sql`
    select 'table ' || s.nspname || '.' || c.relname as object, a.attname as detail
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'm')
    join user_schema s on s.oid = c.relnamespace
    where a.attnum > 0
      and not a.attisdropped
      and a.atttypid in (
        'pg_catalog.regcollation'::regtype, 'pg_catalog.regconfig'::regtype, 'pg_catalog.regdictionary'::regtype,
        'pg_catalog.regnamespace'::regtype, 'pg_catalog.regoper'::regtype, 'pg_catalog.regoperator'::regtype,
        'pg_catalog.regproc'::regtype, 'pg_catalog.regprocedure'::regtype
      )`,
};
