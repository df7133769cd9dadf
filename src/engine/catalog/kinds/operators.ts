import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address, type Address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { maybeText, maybeTexts, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    left: maybeText,
    right: maybeText,
    result: maybeText,
    function: maybeText,
    commutator: maybeText,
    negator: maybeText,
    restrict: maybeText,
    join: maybeText,
    can_merge: z.boolean(),
    can_hash: z.boolean(),
  }),
);

/** Operators. One without a function is only a name that another's commutator or negator holds, and no object yet. */
export const operators: Family = {
  name: "operators",
  query: sql`
    select
      o.oid,
      ns.nspname as schema,
      o.oprname as name,
      pg_catalog.pg_get_userbyid(o.oprowner) as owner,
      case when o.oprleft <> 0 then pg_catalog.format_type(o.oprleft, null) end as "left",
      case when o.oprright <> 0 then pg_catalog.format_type(o.oprright, null) end as "right",
      case when o.oprresult <> 0 then pg_catalog.format_type(o.oprresult, null) end as result,
      o.oprcode::regproc::text as function,
      case when c.oid is not null then pg_catalog.format('%I.%s', cn.nspname, c.oprname) end as commutator,
      case when g.oid is not null then pg_catalog.format('%I.%s', gn.nspname, g.oprname) end as negator,
      case when o.oprrest <> 0 then o.oprrest::regproc::text end as "restrict",
      case when o.oprjoin <> 0 then o.oprjoin::regproc::text end as "join",
      o.oprcanmerge as can_merge,
      o.oprcanhash as can_hash
    from pg_catalog.pg_operator o
    join ns on ns.oid = o.oprnamespace
    left join pg_catalog.pg_operator c on c.oid = o.oprcom and o.oprcom <> 0
    left join pg_catalog.pg_namespace cn on cn.oid = c.oprnamespace
    left join pg_catalog.pg_operator g on g.oid = o.oprnegate and o.oprnegate <> 0
    left join pg_catalog.pg_namespace gn on gn.oid = g.oprnamespace
    where o.oprcode <> 0
      and o.oid not in (select objid from ext where classid = 'pg_catalog.pg_operator'::regclass)`,
  toDrafts: (given) =>
    rows.parse(given).map((operator) => ({
      id: {
        kind: "operator",
        schema: operator.schema,
        name: operator.name,
        signature: `${operator.left ?? "NONE"}, ${operator.right ?? "NONE"}`,
      },
      addresses: [address("pg_operator", operator.oid)],
      owner: operator.owner,
      attributes: {
        left: operator.left ?? undefined,
        right: operator.right ?? undefined,
        result: operator.result ?? undefined,
        function: operator.function ?? undefined,
        commutator: operator.commutator ?? undefined,
        negator: operator.negator ?? undefined,
        restrict: operator.restrict ?? undefined,
        join: operator.join ?? undefined,
        merges: operator.can_merge,
        hashes: operator.can_hash,
      },
    })),
};

/** The members of operator families: each belongs to the class it was made with, or loosely to the family. */
const members = sql`
  select
    d.refclassid,
    d.refobjid,
    array_agg(m.text order by m.text) as members,
    array_agg(m.oid) filter (where m.classid = 'pg_catalog.pg_amop'::regclass) as operator_rows,
    array_agg(m.oid) filter (where m.classid = 'pg_catalog.pg_amproc'::regclass) as function_rows
  from (
    select
      'pg_catalog.pg_amop'::regclass::oid as classid,
      p.oid,
      'operator ' || p.amopstrategy || ' ' || p.amopopr::regoperator ||
        case when p.amoppurpose = 'o' then ' for order by ' || pg_catalog.format('%I.%I', sn.nspname, s.opfname) else '' end as text
    from pg_catalog.pg_amop p
    left join pg_catalog.pg_opfamily s on s.oid = p.amopsortfamily and p.amopsortfamily <> 0
    left join pg_catalog.pg_namespace sn on sn.oid = s.opfnamespace
    where p.oid >= 16384
    union all
    select
      'pg_catalog.pg_amproc'::regclass::oid,
      p.oid,
      'function ' || p.amprocnum || ' (' || pg_catalog.format_type(p.amproclefttype, null) || ', ' ||
        pg_catalog.format_type(p.amprocrighttype, null) || ') ' || p.amproc::regprocedure
    from pg_catalog.pg_amproc p
    where p.oid >= 16384
  ) m
  join pg_catalog.pg_depend d
    on d.classid = m.classid
    and d.objid = m.oid
    and (
      d.refclassid = 'pg_catalog.pg_opclass'::regclass
      or (d.refclassid = 'pg_catalog.pg_opfamily'::regclass and d.deptype = 'a')
    )
  group by d.refclassid, d.refobjid`;

/** A class or family needs what its members are made of. */
function memberAddresses(owner: {
  readonly operator_rows: readonly string[] | null;
  readonly function_rows: readonly string[] | null;
}): readonly Address[] {
  return [
    ...(owner.operator_rows ?? []).map((member) => address("pg_amop", member)),
    ...(owner.function_rows ?? []).map((member) => address("pg_amproc", member)),
  ];
}

const familyRows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    method: z.string(),
    members: maybeTexts,
    operator_rows: maybeTexts,
    function_rows: maybeTexts,
  }),
);

/** Operator families with their loose members. */
export const operatorFamilies: Family = {
  name: "operator_families",
  query: sql`
    select
      f.oid,
      ns.nspname as schema,
      f.opfname as name,
      pg_catalog.pg_get_userbyid(f.opfowner) as owner,
      am.amname as method,
      m.members,
      m.operator_rows,
      m.function_rows
    from pg_catalog.pg_opfamily f
    join ns on ns.oid = f.opfnamespace
    join pg_catalog.pg_am am on am.oid = f.opfmethod
    left join (${members}) m on m.refclassid = 'pg_catalog.pg_opfamily'::regclass and m.refobjid = f.oid
    where f.oid not in (select objid from ext where classid = 'pg_catalog.pg_opfamily'::regclass)`,
  toDrafts: (given) =>
    familyRows.parse(given).map((family) => ({
      id: { kind: "operator_family", schema: family.schema, name: family.name, signature: family.method },
      addresses: [address("pg_opfamily", family.oid), ...memberAddresses(family)],
      owner: family.owner,
      attributes: { members: family.members ?? undefined },
    })),
};

const classRows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    method: z.string(),
    family: oid,
    family_name: z.string(),
    input: z.string(),
    storage: maybeText,
    is_default: z.boolean(),
    members: maybeTexts,
    operator_rows: maybeTexts,
    function_rows: maybeTexts,
  }),
);

/** Operator classes with the members they were made with. */
export const operatorClasses: Family = {
  name: "operator_classes",
  query: sql`
    select
      c.oid,
      ns.nspname as schema,
      c.opcname as name,
      pg_catalog.pg_get_userbyid(c.opcowner) as owner,
      am.amname as method,
      c.opcfamily as family,
      pg_catalog.format('%I.%I', fn.nspname, f.opfname) as family_name,
      pg_catalog.format_type(c.opcintype, null) as input,
      case when c.opckeytype <> 0 then pg_catalog.format_type(c.opckeytype, null) end as storage,
      c.opcdefault as is_default,
      m.members,
      m.operator_rows,
      m.function_rows
    from pg_catalog.pg_opclass c
    join ns on ns.oid = c.opcnamespace
    join pg_catalog.pg_am am on am.oid = c.opcmethod
    join pg_catalog.pg_opfamily f on f.oid = c.opcfamily
    join pg_catalog.pg_namespace fn on fn.oid = f.opfnamespace
    left join (${members}) m on m.refclassid = 'pg_catalog.pg_opclass'::regclass and m.refobjid = c.oid
    where c.oid not in (select objid from ext where classid = 'pg_catalog.pg_opclass'::regclass)`,
  toDrafts: (given) =>
    classRows.parse(given).map((operatorClass) => ({
      id: {
        kind: "operator_class",
        schema: operatorClass.schema,
        name: operatorClass.name,
        signature: operatorClass.method,
      },
      addresses: [address("pg_opclass", operatorClass.oid), ...memberAddresses(operatorClass)],
      owner: operatorClass.owner,
      attributes: {
        family: operatorClass.family_name,
        input: operatorClass.input,
        storage: operatorClass.storage ?? undefined,
        isDefault: operatorClass.is_default,
        members: operatorClass.members ?? undefined,
      },
    })),
};
