import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { acl, maybeText, maybeTexts, oid } from "../row-fields.ts";

const row = z.object({
  oid,
  schema: z.string(),
  name: z.string(),
  typtype: z.enum(["c", "d", "e"]),
  owner: z.string(),
  acl,
  array_type: oid,
  relation: oid,
  labels: maybeTexts,
  attribute_names: maybeTexts,
  base: maybeText,
  not_null: z.boolean(),
  default: maybeText,
  collation: maybeText,
});

type TypeRow = z.infer<typeof row>;

/** Enums, domains and composite types; a composite's attributes are columns. */
export const userTypes: Family = {
  name: "user_types",
  query: sql`
    select
      t.oid,
      ns.nspname as schema,
      t.typname as name,
      t.typtype,
      pg_catalog.pg_get_userbyid(t.typowner) as owner,
      t.typacl::text[] as acl,
      t.typarray as array_type,
      t.typrelid as relation,
      e.labels,
      attributes.names as attribute_names,
      case when t.typtype = 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod) end as base,
      t.typnotnull as not_null,
      case
        when t.typdefaultbin is not null then pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::regclass)
        else t.typdefault
      end as "default",
      case
        when t.typtype = 'd' and t.typcollation not in (0, b.typcollation)
        then pg_catalog.format('%I.%I', cn.nspname, co.collname)
      end as collation
    from pg_catalog.pg_type t
    join ns on ns.oid = t.typnamespace
    left join pg_catalog.pg_class c on c.oid = t.typrelid and t.typrelid <> 0
    left join pg_catalog.pg_type b on b.oid = t.typbasetype and t.typbasetype <> 0
    left join pg_catalog.pg_collation co on co.oid = t.typcollation and t.typcollation <> 0
    left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
    left join (
      select enumtypid, array_agg(enumlabel::text order by enumsortorder) as labels
      from pg_catalog.pg_enum
      group by enumtypid
    ) e on e.enumtypid = t.oid
    left join (
      select a.attrelid, array_agg(a.attname::text order by a.attnum) as names
      from pg_catalog.pg_attribute a
      join rel r on r.oid = a.attrelid and r.relkind = 'c'
      where a.attnum > 0 and not a.attisdropped
      group by a.attrelid
    ) attributes on attributes.attrelid = c.oid and c.relkind = 'c'
    where (t.typtype in ('d', 'e') or (t.typtype = 'c' and c.relkind = 'c'))
      and t.oid not in (select objid from ext where classid = 'pg_catalog.pg_type'::regclass)`,
  toDrafts: (given) => z.array(row).parse(given).map(toDraft),
};

const kinds = { c: "composite_type", d: "domain", e: "enum" } as const;

function toDraft(type: TypeRow): FactDraft {
  return {
    id: { kind: kinds[type.typtype], schema: type.schema, name: type.name },
    addresses: [
      address("pg_type", type.oid),
      ...(type.array_type === "0" ? [] : [address("pg_type", type.array_type)]),
      ...(type.relation === "0" ? [] : [address("pg_class", type.relation)]),
    ],
    owner: type.owner,
    acl: type.acl,
    attributes: {
      labels: type.typtype === "e" ? (type.labels ?? []) : undefined,
      // Unlike a table's, their order counts: row(1, 2) fills them one by one.
      attributeOrder: type.attribute_names ?? undefined,
      base: type.base ?? undefined,
      notNull: type.typtype === "d" && type.not_null,
      default: type.default ?? undefined,
      collation: type.collation ?? undefined,
    },
  };
}
