import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { toOptions } from "../options.ts";
import { toForeignOptions } from "../redact-option.ts";
import { acl, maybeNumber, maybeText, maybeTexts, oid } from "../row-fields.ts";

const row = z.object({
  relation: oid,
  number: z.number(),
  schema: z.string(),
  within: z.string(),
  name: z.string(),
  type: z.string(),
  not_null: z.boolean(),
  not_null_name: maybeText,
  not_null_valid: z.boolean().nullable(),
  not_null_no_inherit: z.boolean().nullable(),
  collation: maybeText,
  identity: z.string(),
  generated: z.string(),
  default_oid: oid.nullable(),
  expression: maybeText,
  storage: maybeText,
  compression: maybeText,
  statistics_target: maybeNumber,
  options: maybeTexts,
  foreign_options: maybeTexts,
  acl,
  is_partition: z.boolean(),
  is_inherited: z.boolean(),
  is_local: z.boolean(),
});

type ColumnRow = z.infer<typeof row>;

/** Columns of relations, attributes of composite types, and the columns' defaults. */
export const columns: Family = {
  name: "columns",
  query: sql`
    select
      a.attrelid as relation,
      a.attnum as number,
      r.nspname as schema,
      r.relname as within,
      a.attname as name,
      pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as not_null,
      n.conname as not_null_name,
      n.convalidated as not_null_valid,
      n.connoinherit as not_null_no_inherit,
      case
        when a.attcollation not in (0, t.typcollation)
        then pg_catalog.format('%I.%I', cn.nspname, co.collname)
      end as collation,
      a.attidentity as identity,
      a.attgenerated as generated,
      d.oid as default_oid,
      pg_catalog.pg_get_expr(d.adbin, d.adrelid) as expression,
      case when r.relkind in ('r', 'p', 'f', 'm') then nullif(a.attstorage, t.typstorage) end as storage,
      nullif(a.attcompression, '') as compression,
      nullif(a.attstattarget, -1) as statistics_target,
      a.attoptions as options,
      a.attfdwoptions as foreign_options,
      a.attacl::text[] as acl,
      r.relispartition as is_partition,
      a.attinhcount > 0 as is_inherited,
      a.attislocal as is_local
    from rel r
    join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    join pg_catalog.pg_type t on t.oid = a.atttypid
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_catalog.pg_collation co on co.oid = a.attcollation and a.attcollation <> t.typcollation
    left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
    left join pg_catalog.pg_constraint n
      on n.conrelid = a.attrelid and n.contype = 'n' and n.conkey[1] = a.attnum
    where r.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
      and r.reltype not in (select objid from ext where classid = 'pg_catalog.pg_type'::regclass)
    order by a.attrelid, a.attnum`,
  toDrafts: (given) => z.array(row).parse(given).flatMap(toDrafts),
};

const identities: Readonly<Record<string, string>> = { a: "always", d: "by default" };
const generations: Readonly<Record<string, string>> = { s: "stored", v: "virtual" };
const storages: Readonly<Record<string, string>> = { p: "plain", e: "external", m: "main", x: "extended" };
const compressions: Readonly<Record<string, string>> = { p: "pglz", l: "lz4" };

function toDrafts(column: ColumnRow): readonly FactDraft[] {
  const id = { kind: "column", schema: column.schema, within: column.within, name: column.name } as const;
  const isGenerated = column.generated !== "";
  const own: FactDraft = {
    id,
    addresses: [address("pg_class", column.relation, column.number), ...defaultAddress(column, isGenerated)],
    parent: address("pg_class", column.relation),
    position: column.number,
    acl: column.acl ?? [],
    attributes: {
      type: column.type,
      notNull: column.not_null,
      ...notNullDetails(column),
      collation: column.collation ?? undefined,
      identity: identities[column.identity],
      generated: generations[column.generated],
      expression: isGenerated ? (column.expression ?? undefined) : undefined,
      storage: storages[column.storage ?? ""],
      compression: compressions[column.compression ?? ""],
      statisticsTarget: column.statistics_target ?? undefined,
      inherited: column.is_inherited,
      // Partitions always come by ATTACH, which makes every column local.
      local: column.is_inherited && column.is_local && !column.is_partition,
      ...toOptions(columnOptions(column)),
      ...toForeignOptions(column.foreign_options),
    },
  };
  return column.default_oid === null || isGenerated ? [own] : [own, toDefault(column)];
}

/** Only what a person can set; newer servers keep a version of their own among the options (`pg_attver`, 15.20). */
function columnOptions({ options }: ColumnRow): readonly string[] | null {
  return options?.filter((option) => option.startsWith("n_distinct")) ?? null;
}

function notNullDetails(column: ColumnRow): FactDraft["attributes"] {
  if (column.not_null_name === null) return {};
  const usual = `${column.within}_${column.name}_not_null`;
  return {
    notNullName: column.not_null_name === usual ? undefined : column.not_null_name,
    notNullNotValid: column.not_null_valid === false,
    notNullNoInherit: column.not_null_no_inherit === true,
  };
}

function defaultAddress(column: ColumnRow, isGenerated: boolean): FactDraft["addresses"] {
  return isGenerated && column.default_oid !== null ? [address("pg_attrdef", column.default_oid)] : [];
}

function toDefault(column: ColumnRow): FactDraft {
  return {
    id: { kind: "default", schema: column.schema, within: column.within, name: column.name },
    addresses: [address("pg_attrdef", column.default_oid ?? "")],
    parent: address("pg_class", column.relation, column.number),
    attributes: { expression: column.expression ?? undefined },
  };
}
