import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { acl, maybeNumber, oid } from "../row-fields.ts";

const row = z.object({
  oid,
  schema: z.string(),
  name: z.string(),
  owner: z.string(),
  acl,
  persistence: z.string(),
  type: z.string(),
  start: z.string(),
  increment: z.string(),
  minimum: z.string(),
  maximum: z.string(),
  cache: z.string(),
  cycle: z.boolean(),
  table: oid.nullable(),
  column: maybeNumber,
  is_identity: z.boolean(),
});

type SequenceRow = z.infer<typeof row>;

/** Sequences; one that makes an identity is a part of its column. Numbers are texts, for they exceed what JavaScript counts. */
export const sequences: Family = {
  name: "sequences",
  query: sql`
    select
      r.oid,
      r.nspname as schema,
      r.relname as name,
      pg_catalog.pg_get_userbyid(r.relowner) as owner,
      r.relacl::text[] as acl,
      r.relpersistence as persistence,
      pg_catalog.format_type(s.seqtypid, null) as type,
      s.seqstart::text as start,
      s.seqincrement::text as increment,
      s.seqmin::text as minimum,
      s.seqmax::text as maximum,
      s.seqcache::text as cache,
      s.seqcycle as cycle,
      d.refobjid as table,
      d.refobjsubid as column,
      d.deptype is not distinct from 'i' as is_identity
    from pg_catalog.pg_sequence s
    join rel r on r.oid = s.seqrelid
    left join pg_catalog.pg_depend d
      on d.classid = 'pg_catalog.pg_class'::regclass
      and d.objid = s.seqrelid
      and d.objsubid = 0
      and d.refclassid = 'pg_catalog.pg_class'::regclass
      and d.refobjsubid > 0
      and d.deptype in ('a', 'i')`,
  toDrafts: (given) => z.array(row).parse(given).map(toDraft),
};

function toDraft(sequence: SequenceRow): FactDraft {
  const column =
    sequence.table === null ? undefined : address("pg_class", sequence.table, sequence.column ?? 0);
  return {
    id: { kind: "sequence", schema: sequence.schema, name: sequence.name },
    addresses: [address("pg_class", sequence.oid)],
    parent: sequence.is_identity ? column : undefined,
    owner: sequence.owner,
    acl: sequence.acl,
    attributes: {
      identity: sequence.is_identity,
      persistence: sequence.persistence === "u" ? "unlogged" : undefined,
      dataType: sequence.type,
      start: sequence.start,
      increment: sequence.increment,
      minimum: sequence.minimum,
      maximum: sequence.maximum,
      cache: sequence.cache,
      cycle: sequence.cycle,
    },
    links: { ownedBy: sequence.is_identity ? undefined : column },
  };
}
