import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { toOptions } from "../options.ts";
import { maybeText, maybeTexts, oid } from "../row-fields.ts";

const row = z.object({
  oid,
  schema: z.string(),
  within: z.string(),
  name: z.string(),
  relation: oid,
  definition: z.string(),
  options_text: maybeText,
  options: maybeTexts,
  tablespace: maybeText,
  is_unique: z.boolean(),
  is_valid: z.boolean(),
  is_clustered: z.boolean(),
  is_replica_identity: z.boolean(),
  statistics_targets: z.record(z.string(), z.number()).nullable(),
  parent: oid.nullable(),
});

type IndexRow = z.infer<typeof row>;

/** Indexes that no constraint stands for. */
export const indexes: Family = {
  name: "indexes",
  query: sql`
    select
      i.indexrelid as oid,
      x.nspname as schema,
      r.relname as within,
      x.relname as name,
      i.indrelid as relation,
      pg_catalog.pg_get_indexdef(i.indexrelid) as definition,
      x.reloptions as options,
      sp.spcname as tablespace,
      i.indisunique as is_unique,
      i.indisvalid as is_valid,
      i.indisclustered as is_clustered,
      i.indisreplident as is_replica_identity,
      targets.statistics_targets,
      h.inhparent as parent,
      case
        when x.reloptions is not null then (
          select string_agg(
            pg_catalog.quote_ident(split_part(o, '=', 1)) || '=' ||
            case
              when pg_catalog.quote_ident(substr(o, strpos(o, '=') + 1)) = substr(o, strpos(o, '=') + 1)
              then substr(o, strpos(o, '=') + 1)
              else pg_catalog.quote_literal(substr(o, strpos(o, '=') + 1))
            end, ', ' order by position)
          from unnest(x.reloptions) with ordinality as u (o, position)
        )
      end as options_text
    from pg_catalog.pg_index i
    join rel x on x.oid = i.indexrelid
    join any_rel r on r.oid = i.indrelid
    left join pg_catalog.pg_tablespace sp on sp.oid = x.reltablespace
    left join pg_catalog.pg_inherits h on h.inhrelid = i.indexrelid
    left join (
      select a.attrelid, jsonb_object_agg(a.attnum, a.attstattarget) as statistics_targets
      from pg_catalog.pg_attribute a
      join rel k on k.oid = a.attrelid and k.relkind in ('i', 'I')
      where a.attstattarget >= 0
      group by a.attrelid
    ) targets on targets.attrelid = i.indexrelid
    where i.xmin is distinct from r.extension_xmin
      and not exists (
      select from pg_catalog.pg_constraint c
      where c.conindid = i.indexrelid and c.conrelid = i.indrelid and c.contype in ('p', 'u', 'x')
    )`,
  toDrafts: (given) => z.array(row).parse(given).map(toDraft),
};

function toDraft(index: IndexRow): FactDraft {
  return {
    id: { kind: "index", schema: index.schema, within: index.within, name: index.name },
    addresses: [address("pg_class", index.oid)],
    parent: address("pg_class", index.relation),
    statement: index.definition,
    attributes: {
      definition: definitionFromUsing(index),
      unique: index.is_unique,
      // An index on a partitioned table is invalid until every partition has one; that shows in the partitions.
      invalid: !index.is_valid,
      clustered: index.is_clustered,
      replicaIdentity: index.is_replica_identity,
      statisticsTargets: index.statistics_targets ?? undefined,
      tablespace: index.tablespace ?? undefined,
      ...toOptions(index.options),
    },
    links: { attachedTo: index.parent === null ? undefined : address("pg_class", index.parent) },
  };
}

/** What the index is, without its name, table and options. */
function definitionFromUsing(index: IndexRow): string {
  const table = new RegExp(`^CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|[^" ]+) ON .*?(?= USING )`, "s");
  const definition = index.definition.replace(table, "").trim();
  return index.options_text === null ? definition : definition.replace(` WITH (${index.options_text})`, "");
}
