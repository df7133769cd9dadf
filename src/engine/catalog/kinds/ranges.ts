import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { acl, maybeText, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    acl,
    array_type: oid,
    multirange: oid,
    multirange_array: oid,
    multirange_schema: z.string(),
    multirange_name: z.string(),
    subtype: z.string(),
    operator_class: maybeText,
    collation: maybeText,
    canonical: maybeText,
    difference: maybeText,
  }),
);

/** Range types; the multirange that comes with one is part of it. */
export const ranges: Family = {
  name: "ranges",
  query: sql`
    select
      t.oid,
      ns.nspname as schema,
      t.typname as name,
      pg_catalog.pg_get_userbyid(t.typowner) as owner,
      t.typacl::text[] as acl,
      t.typarray as array_type,
      m.oid as multirange,
      m.typarray as multirange_array,
      mn.nspname as multirange_schema,
      m.typname as multirange_name,
      pg_catalog.format_type(r.rngsubtype, null) as subtype,
      case when not o.opcdefault then pg_catalog.format('%I.%I', opn.nspname, o.opcname) end as operator_class,
      case
        when r.rngcollation not in (0, s.typcollation)
        then pg_catalog.format('%I.%I', cn.nspname, co.collname)
      end as collation,
      case when r.rngcanonical <> 0 then r.rngcanonical::regproc::text end as canonical,
      case when r.rngsubdiff <> 0 then r.rngsubdiff::regproc::text end as difference
    from pg_catalog.pg_range r
    join pg_catalog.pg_type t on t.oid = r.rngtypid
    join ns on ns.oid = t.typnamespace
    join pg_catalog.pg_type m on m.oid = r.rngmultitypid
    join pg_catalog.pg_namespace mn on mn.oid = m.typnamespace
    join pg_catalog.pg_type s on s.oid = r.rngsubtype
    join pg_catalog.pg_opclass o on o.oid = r.rngsubopc
    join pg_catalog.pg_namespace opn on opn.oid = o.opcnamespace
    left join pg_catalog.pg_collation co on co.oid = r.rngcollation
    left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
    where t.oid not in (select objid from ext where classid = 'pg_catalog.pg_type'::regclass)`,
  toDrafts: (given) =>
    rows.parse(given).map((range) => ({
      id: { kind: "range", schema: range.schema, name: range.name },
      addresses: [range.oid, range.array_type, range.multirange, range.multirange_array].map((type) =>
        address("pg_type", type),
      ),
      owner: range.owner,
      acl: range.acl,
      attributes: {
        subtype: range.subtype,
        operatorClass: range.operator_class ?? undefined,
        collation: range.collation ?? undefined,
        canonical: range.canonical ?? undefined,
        difference: range.difference ?? undefined,
        multirangeName: range.multirange_name,
        multirangeSchema: range.multirange_schema === range.schema ? undefined : range.multirange_schema,
      },
    })),
};
