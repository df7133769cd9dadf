import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** Two indexes that differ in nothing but the name. */
export const duplicateIndex: AdvisorCheck = {
  name: "duplicate_index",
  category: "performance",
  level: "warning",
  message: "Several of its indexes are the same; drop all but one.",
  query: sql`
    select
      'table ' || s.nspname || '.' || c.relname as object,
      string_agg(i.relname, ', ' order by i.relname) as detail
    from pg_catalog.pg_index x
    join pg_catalog.pg_class i on i.oid = x.indexrelid
    join pg_catalog.pg_class c on c.oid = x.indrelid
    join user_schema s on s.oid = c.relnamespace
    group by
      s.nspname, c.relname, i.relam, x.indisunique, x.indkey::text, x.indclass::text, x.indcollation::text,
      x.indoption::text, pg_catalog.pg_get_expr(x.indexprs, x.indrelid), pg_catalog.pg_get_expr(x.indpred, x.indrelid)
    having count(*) > 1`,
};
