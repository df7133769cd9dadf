import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A foreign key whose columns begin no index: each delete in the referenced table reads the whole table. */
export const unindexedForeignKeys: AdvisorCheck = {
  name: "unindexed_foreign_keys",
  category: "performance",
  level: "info",
  message: "A foreign key has no index on its columns; create one.",
  query: sql`
    select 'table ' || s.nspname || '.' || c.relname as object, k.conname as detail
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid
    join user_schema s on s.oid = c.relnamespace
    where k.contype = 'f'
      and k.conparentid = 0
      and not exists (
        select
        from pg_catalog.pg_index i
        where i.indrelid = k.conrelid
          and i.indisvalid
          and i.indpred is null
          and (
            select array_agg(u.attnum)
            from unnest(i.indkey::int2[]) with ordinality u (attnum, place)
            where u.place <= cardinality(k.conkey)
          ) @> k.conkey
      )`,
};
