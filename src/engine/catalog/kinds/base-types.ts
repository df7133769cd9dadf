import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { acl, maybeText, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    acl,
    array_type: oid,
    is_defined: z.boolean(),
    input: maybeText,
    output: maybeText,
    receive: maybeText,
    send: maybeText,
    modifier_input: maybeText,
    modifier_output: maybeText,
    analyze: maybeText,
    subscript: maybeText,
    length: z.number(),
    by_value: z.boolean(),
    alignment: z.string(),
    storage: z.string(),
    category: z.string(),
    is_preferred: z.boolean(),
    default: maybeText,
    element: maybeText,
    delimiter: z.string(),
    is_collatable: z.boolean(),
  }),
);

type BaseTypeRow = z.infer<typeof rows>[number];

/** Base types, made with input and output functions, and shell types that only have a name yet. */
export const baseTypes: Family = {
  name: "base_types",
  query: sql`
    select
      t.oid,
      ns.nspname as schema,
      t.typname as name,
      pg_catalog.pg_get_userbyid(t.typowner) as owner,
      t.typacl::text[] as acl,
      t.typarray as array_type,
      t.typisdefined as is_defined,
      case when t.typinput <> 0 then t.typinput::regproc::text end as input,
      case when t.typoutput <> 0 then t.typoutput::regproc::text end as output,
      case when t.typreceive <> 0 then t.typreceive::regproc::text end as receive,
      case when t.typsend <> 0 then t.typsend::regproc::text end as send,
      case when t.typmodin <> 0 then t.typmodin::regproc::text end as modifier_input,
      case when t.typmodout <> 0 then t.typmodout::regproc::text end as modifier_output,
      case when t.typanalyze <> 0 then t.typanalyze::regproc::text end as analyze,
      case when t.typsubscript <> 0 then t.typsubscript::regproc::text end as subscript,
      t.typlen as length,
      t.typbyval as by_value,
      t.typalign as alignment,
      t.typstorage as storage,
      t.typcategory as category,
      t.typispreferred as is_preferred,
      t.typdefault as "default",
      case when t.typelem <> 0 then pg_catalog.format_type(t.typelem, null) end as element,
      t.typdelim as delimiter,
      t.typcollation <> 0 as is_collatable
    from pg_catalog.pg_type t
    join ns on ns.oid = t.typnamespace
    where (t.typtype = 'b' or (t.typtype = 'p' and not t.typisdefined))
      and not exists (select from pg_catalog.pg_type e where e.typarray = t.oid)
      and t.oid not in (select objid from ext where classid = 'pg_catalog.pg_type'::regclass)`,
  toDrafts: (given) => rows.parse(given).map(toDraft),
};

function toDraft(type: BaseTypeRow): FactDraft {
  const types = [type.oid, type.array_type].filter((each) => each !== "0");
  return {
    id: { kind: "base_type", schema: type.schema, name: type.name },
    addresses: types.map((each) => address("pg_type", each)),
    owner: type.owner,
    acl: type.acl,
    attributes: type.is_defined ? toAttributes(type) : { shell: true },
  };
}

function toAttributes(type: BaseTypeRow): FactDraft["attributes"] {
  return {
    input: type.input ?? undefined,
    output: type.output ?? undefined,
    receive: type.receive ?? undefined,
    send: type.send ?? undefined,
    modifierInput: type.modifier_input ?? undefined,
    modifierOutput: type.modifier_output ?? undefined,
    analyze: type.analyze ?? undefined,
    subscript: type.subscript ?? undefined,
    length: type.length,
    byValue: type.by_value,
    alignment: type.alignment,
    storage: type.storage,
    category: type.category,
    preferred: type.is_preferred,
    default: type.default ?? undefined,
    element: type.element ?? undefined,
    delimiter: type.delimiter,
    collatable: type.is_collatable,
  };
}
