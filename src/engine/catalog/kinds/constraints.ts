import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address, type Address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { toOptions } from "../options.ts";
import { maybeText, maybeTexts, oid } from "../row-fields.ts";

const row = z.object({
  oid,
  schema: z.string(),
  within: z.string(),
  name: z.string(),
  relation: oid,
  domain: oid,
  index: oid,
  contype: z.enum(["c", "f", "p", "u", "x"]),
  definition: z.string(),
  is_valid: z.boolean(),
  is_deferrable: z.boolean(),
  is_deferred: z.boolean(),
  is_enforced: z.boolean().nullable(),
  is_inherited: z.boolean(),
  is_local: z.boolean(),
  is_partition: z.boolean(),
  parent: oid,
  parent_index: oid.nullable(),
  options: maybeTexts,
  tablespace: maybeText,
  clustered: z.boolean().nullable(),
  replica_identity: z.boolean().nullable(),
});

type ConstraintRow = z.infer<typeof row>;

/** Constraints of tables and domains; the index behind a key or exclusion constraint is part of it. NOT NULL belongs to the column. */
export const constraints: Family = {
  name: "constraints",
  query: sql`
    select
      c.oid,
      coalesce(r.nspname, dn.nspname) as schema,
      coalesce(r.relname, d.typname) as within,
      c.conname as name,
      c.conrelid as relation,
      c.contypid as domain,
      case when c.contype in ('p', 'u', 'x') then c.conindid else 0 end as index,
      c.contype,
      pg_catalog.pg_get_constraintdef(c.oid) as definition,
      c.convalidated as is_valid,
      c.condeferrable as is_deferrable,
      c.condeferred as is_deferred,
      (to_jsonb(c) ->> 'conenforced')::boolean as is_enforced,
      c.coninhcount > 0 as is_inherited,
      c.conislocal as is_local,
      coalesce(r.relispartition, false) as is_partition,
      c.conparentid as parent,
      nullif(h.inhparent, 0) as parent_index,
      x.reloptions as options,
      sp.spcname as tablespace,
      i.indisclustered as clustered,
      i.indisreplident as replica_identity
    from pg_catalog.pg_constraint c
    left join any_rel r on r.oid = c.conrelid
    left join pg_catalog.pg_type d on d.oid = c.contypid and c.contypid <> 0
    left join ns dn on dn.oid = d.typnamespace
    left join pg_catalog.pg_constraint p on p.oid = c.conparentid and c.conparentid <> 0
    left join pg_catalog.pg_class x on x.oid = c.conindid and c.contype in ('p', 'u', 'x')
    left join pg_catalog.pg_index i on i.indexrelid = x.oid
    left join pg_catalog.pg_inherits h on h.inhrelid = x.oid
    left join pg_catalog.pg_tablespace sp on sp.oid = x.reltablespace
    where c.contype in ('c', 'f', 'p', 'u', 'x')
      and (r.oid is not null or dn.oid is not null)
      and (c.contypid = 0 or c.contypid not in (select objid from ext where classid = 'pg_catalog.pg_type'::regclass))
      and c.xmin is distinct from r.extension_xmin
      and p.conrelid is distinct from c.conrelid`,
  toDrafts: (given) => z.array(row).parse(given).map(toDraft),
};

const types: Readonly<Record<ConstraintRow["contype"], string>> = {
  c: "check",
  f: "foreign key",
  p: "primary key",
  u: "unique",
  x: "exclusion",
};

function toDraft(constraint: ConstraintRow): FactDraft {
  const ofDomain = constraint.domain !== "0";
  return {
    id: {
      kind: "constraint",
      schema: constraint.schema,
      within: constraint.within,
      name: constraint.name,
    },
    addresses: [
      address("pg_constraint", constraint.oid),
      ...(constraint.index === "0" ? [] : [address("pg_class", constraint.index)]),
    ],
    parent: ofDomain ? address("pg_type", constraint.domain) : address("pg_class", constraint.relation),
    statement: constraint.definition,
    attributes: {
      type: types[constraint.contype],
      definition: withoutSuffixes(constraint),
      notValid: !constraint.is_valid && constraint.is_enforced !== false,
      notEnforced: constraint.is_enforced === false,
      deferrable: constraint.is_deferrable,
      initiallyDeferred: constraint.is_deferred,
      inherited: constraint.is_inherited,
      local: constraint.is_inherited && constraint.is_local && !constraint.is_partition,
      clustered: constraint.clustered ?? undefined,
      replicaIdentity: constraint.replica_identity ?? undefined,
      tablespace: constraint.tablespace ?? undefined,
      ...toOptions(constraint.options),
    },
    links: { attachedTo: findParent(constraint) },
  };
}

/** The constraint above, or the index above where the index behind this constraint is attached to one without a constraint. */
function findParent(constraint: ConstraintRow): Address | undefined {
  if (constraint.parent !== "0") return address("pg_constraint", constraint.parent);
  return constraint.parent_index === null ? undefined : address("pg_class", constraint.parent_index);
}

/** The definition without what has an attribute of its own; ruleutils.c writes these last and in this order. */
function withoutSuffixes(constraint: ConstraintRow): string {
  const suffixes = [
    [constraint.is_enforced === false, " NOT ENFORCED"],
    [!constraint.is_valid, " NOT VALID"],
    [constraint.is_deferred, " INITIALLY DEFERRED"],
    [constraint.is_deferrable, " DEFERRABLE"],
  ] as const;
  return suffixes.reduce(
    (text, [applies, suffix]) => (applies && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text),
    constraint.definition,
  );
}
