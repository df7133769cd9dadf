import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A table whose rows nothing names. */
export const noPrimaryKey: AdvisorCheck = {
  name: "no_primary_key",
  category: "performance",
  level: "info",
  message: "It has no primary key; add one.",
  query: sql`
    select 'table ' || s.nspname || '.' || c.relname as object, null as detail
    from pg_catalog.pg_class c
    join user_schema s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p')
      and not c.relispartition
      and c.relpersistence <> 't'
      and not exists (
        select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'p'
      )
      and not exists (
        select from of_extension e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid
      )`,
};
