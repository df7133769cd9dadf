import * as z from "zod";
import { sql } from "../../database/sql.ts";
import type { Grantee } from "../../model/catalog.ts";
import { address } from "../address.ts";
import { parseAcl, privilegesOf } from "../acl.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { rangeConstructors } from "../../model/range-constructors.ts";
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
    constructors: z.array(z.object({ owner: z.string(), acl })),
  }),
);

type RangeRow = z.infer<typeof rows>[number];

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
      case when r.rngsubdiff <> 0 then r.rngsubdiff::regproc::text end as difference,
      (
        select
          json_agg(
            json_build_object('owner', pg_catalog.pg_get_userbyid(f.proowner), 'acl', f.proacl::text[])
            order by f.prorettype <> t.oid, f.pronargs, f.provariadic <> 0
          )
        from range_part p
        join pg_catalog.pg_proc f on f.oid = p.objid
        where p.classid = 'pg_catalog.pg_proc'::regclass and p.range in (t.oid, m.oid)
      ) as constructors
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
  toDrafts: (given) => rows.parse(given).flatMap((range) => [toRange(range), ...toConstructorGrants(range)]),
};

function toRange(range: RangeRow): FactDraft {
  return {
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
  };
}

/** Privileges on the constructors, as far as they are not that everyone may call them; `revoked` marks where everyone may not. */
function toConstructorGrants(range: RangeRow): readonly FactDraft[] {
  const constructors = rangeConstructors({
    schema: range.schema,
    name: range.name,
    subtype: range.subtype,
    multirangeSchema: range.multirange_schema,
    multirangeName: range.multirange_name,
  });
  return range.constructors.flatMap(({ owner, acl: entries }, index) => {
    const constructor = constructors[index];
    if (entries === null || constructor === undefined) return [];
    const toDraft = (grantee: Grantee, attributes: FactDraft["attributes"]): FactDraft => ({
      id: { kind: "grant", name: "EXECUTE", on: constructor.key, grantee },
      addresses: [],
      parent: address("pg_type", range.oid),
      attributes: { target: constructor.target, ...attributes },
    });
    const held = [...privilegesOf(parseAcl(entries)).values()];
    const isEveryones = held.some(({ grantee }) => grantee.kind === "everyone");
    return [
      ...held
        .filter(({ grantee }) => grantee.kind === "role" && grantee.name !== owner)
        .map(({ grantee, grantable }) => toDraft(grantee, { grantable })),
      ...(isEveryones ? [] : [toDraft({ kind: "everyone" }, { revoked: true })]),
    ];
  });
}
