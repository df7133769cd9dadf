import * as z from "zod";
import { sql } from "../../database/sql.ts";
import type { ObjectKind } from "../../model/catalog.ts";
import { address, type Address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { toOptions } from "../options.ts";
import { toForeignOptions } from "../redact-option.ts";
import { acl, maybeText, maybeTexts, oid } from "../row-fields.ts";

const row = z.object({
  oid,
  schema: z.string(),
  name: z.string(),
  relkind: z.enum(["r", "p", "v", "m", "f"]),
  owner: z.string(),
  acl,
  row_type: oid,
  array_type: oid,
  view_rule: oid.nullable(),
  persistence: z.string(),
  row_security: z.boolean(),
  force_row_security: z.boolean(),
  replica_identity: z.string(),
  options: maybeTexts,
  toast_options: maybeTexts,
  access_method: maybeText,
  tablespace: maybeText,
  of_type: maybeText,
  partition_key: maybeText,
  partition_bound: maybeText,
  is_partition: z.boolean(),
  parents: maybeTexts,
  server: oid.nullable(),
  server_options: maybeTexts,
  view_definition: maybeText,
  column_names: maybeTexts,
  is_populated: z.boolean(),
});

type RelationRow = z.infer<typeof row>;

/** Tables, foreign tables, views and materialized views. */
export const relations: Family = {
  name: "relations",
  query: sql`
    select
      r.oid,
      r.nspname as schema,
      r.relname as name,
      r.relkind,
      pg_catalog.pg_get_userbyid(r.relowner) as owner,
      r.relacl::text[] as acl,
      r.reltype as row_type,
      t.typarray as array_type,
      w.oid as view_rule,
      r.relpersistence as persistence,
      r.relrowsecurity as row_security,
      r.relforcerowsecurity as force_row_security,
      r.relreplident as replica_identity,
      r.reloptions as options,
      toast.reloptions as toast_options,
      am.amname as access_method,
      sp.spcname as tablespace,
      case when r.reloftype <> 0 then pg_catalog.format_type(r.reloftype, null) end as of_type,
      case when r.relkind = 'p' then pg_catalog.pg_get_partkeydef(r.oid) end as partition_key,
      case when r.relispartition then pg_catalog.pg_get_expr(r.relpartbound, r.oid) end as partition_bound,
      r.relispartition as is_partition,
      inherited.parents,
      ft.ftserver as server,
      ft.ftoptions as server_options,
      case when r.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(r.oid) end as view_definition,
      case when r.relkind in ('v', 'm') then shown.column_names end as column_names,
      r.relispopulated as is_populated
    from rel r
    join pg_catalog.pg_type t on t.oid = r.reltype
    left join pg_catalog.pg_class toast on toast.oid = r.reltoastrelid and toast.oid <> 0
    left join pg_catalog.pg_am am on am.oid = r.relam
    left join pg_catalog.pg_tablespace sp on sp.oid = r.reltablespace
    left join pg_catalog.pg_rewrite w on w.ev_class = r.oid and w.rulename = '_RETURN'
    left join pg_catalog.pg_foreign_table ft on ft.ftrelid = r.oid
    left join (
      select inhrelid, array_agg(inhparent::text order by inhseqno) as parents
      from pg_catalog.pg_inherits
      group by inhrelid
    ) inherited on inherited.inhrelid = r.oid
    left join (
      select a.attrelid, array_agg(a.attname::text order by a.attnum) as column_names
      from pg_catalog.pg_attribute a
      join rel v on v.oid = a.attrelid and v.relkind in ('v', 'm')
      where a.attnum > 0 and not a.attisdropped
      group by a.attrelid
    ) shown on shown.attrelid = r.oid
    where r.relkind in ('r', 'p', 'v', 'm', 'f')`,
  toDrafts: (given) => z.array(row).parse(given).map(toDraft),
};

const kinds: Readonly<Record<RelationRow["relkind"], ObjectKind>> = {
  r: "table",
  p: "table",
  f: "foreign_table",
  v: "view",
  m: "materialized_view",
};

const replicaIdentities: Readonly<Record<string, string>> = { f: "full", n: "nothing", i: "index" };

function toDraft(relation: RelationRow): FactDraft {
  return {
    id: { kind: kinds[relation.relkind], schema: relation.schema, name: relation.name },
    addresses: [
      address("pg_class", relation.oid),
      address("pg_type", relation.row_type),
      address("pg_type", relation.array_type),
      ...(relation.view_rule === null ? [] : [address("pg_rewrite", relation.view_rule)]),
    ],
    owner: relation.owner,
    acl: relation.acl,
    attributes: {
      persistence: relation.persistence === "u" ? "unlogged" : undefined,
      rowSecurity: relation.row_security,
      forceRowSecurity: relation.force_row_security,
      // A view's row identity means nothing, and its value differs between versions.
      replicaIdentity: ["r", "p", "m"].includes(relation.relkind)
        ? replicaIdentities[relation.replica_identity]
        : undefined,
      accessMethod: relation.access_method === "heap" ? undefined : (relation.access_method ?? undefined),
      tablespace: relation.tablespace ?? undefined,
      ofType: relation.of_type ?? undefined,
      partitionKey: relation.partition_key ?? undefined,
      partitionBound: relation.partition_bound ?? undefined,
      definition: relation.view_definition?.replace(/;\s*$/, ""),
      columnNames: relation.column_names ?? undefined,
      unpopulated: relation.relkind === "m" && !relation.is_populated,
      ...toOptions(relation.options),
      ...toOptions(relation.toast_options, "option.toast."),
      ...toForeignOptions(relation.server_options),
    },
    links: {
      ...parentLinks(relation),
      server: relation.server === null ? undefined : address("pg_foreign_server", relation.server),
    },
    needs: (relation.parents ?? []).map((parent) => address("pg_class", parent)),
  };
}

function parentLinks(relation: RelationRow): Readonly<Record<string, Address | readonly Address[]>> {
  const parents = (relation.parents ?? []).map((parent) => address("pg_class", parent));
  const [first] = parents;
  if (first === undefined) return {};
  return relation.is_partition ? { partitionOf: first } : { inherits: parents };
}
