import { joinSql, sql } from "../database/sql.ts";
import type { Query } from "../ports.ts";
import { families } from "./families.ts";
import { annotations } from "./annotations.ts";

/** Settings that change how the server prints expressions, and the values that `pg_dump` and the documentation print with. */
const printing: readonly { readonly setting: string; readonly value: string }[] = [
  { setting: "search_path", value: "" },
  { setting: "datestyle", value: "ISO, MDY" },
  { setting: "intervalstyle", value: "postgres" },
  { setting: "timezone", value: "UTC" },
  { setting: "extra_float_digits", value: "1" },
  { setting: "bytea_output", value: "hex" },
  { setting: "quote_all_identifiers", value: "off" },
  { setting: "standard_conforming_strings", value: "on" },
];

const sources: Query = sql`
    pinned as materialized (
      select ${before()}, ${pin()}
    ),
    ns as materialized (
      select n.oid, n.nspname, n.nspowner, n.nspacl
      from pg_catalog.pg_namespace n
      where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    ),
    ext as materialized (
      select d.classid, d.objid, d.refobjid as extension, d.xmin
      from pg_catalog.pg_depend d
      where d.deptype = 'e' and d.refclassid = 'pg_catalog.pg_extension'::regclass
    ),
    range_part as materialized (
      select d.classid, d.objid, d.refobjid as range
      from pg_catalog.pg_depend d
      where d.deptype = 'i'
        and d.classid in ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_cast'::regclass)
        and d.refclassid = 'pg_catalog.pg_type'::regclass
    ),
    any_rel as materialized (
      select
        c.oid, ns.nspname, c.relname, c.relkind, c.relowner, c.relacl::text[] as relacl, c.reltype, c.relpersistence,
        c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.reloptions, c.reltoastrelid, c.relam,
        c.reltablespace, c.reloftype, c.relispartition, c.relpartbound, c.relispopulated,
        ext.xmin as extension_xmin
      from pg_catalog.pg_class c
      join ns on ns.oid = c.relnamespace
      left join ext on ext.classid = 'pg_catalog.pg_class'::regclass and ext.objid = c.oid
    ),
    rel as materialized (
      select * from any_rel where extension_xmin is null
    )`;

const whole: Query = sql`
  select json_object_agg(read.name, read.value)
  from (
    values
      ('server_version', to_json(pg_catalog.current_setting('server_version_num')::integer)),
      ('current_role', to_json(current_user::text)),
      ${members()}
  ) read (name, value)`;

/**
 * The whole snapshot as one select with one row and one JSON value, so that it is one moment and one round trip over any transport.
 * Settings are put in place before anything is read and put back after, so that a transaction around it keeps its own.
 */
export const snapshotQuery: Query = sql`
  with ${sources}
  select (${whole}) as snapshot, ${restore()}
  from pinned`;

/**
 * The same as text with its SHA-256 beside it, in hexadecimal; without the text where the digest is one of these.
 */
export function snapshotUnlessKnown(digests: readonly string[]): Query {
  return sql`
    with
      ${sources},
      read as materialized (
        select (${whole})::text as snapshot, pinned.* from pinned
      ),
      digested as materialized (
        select
          pg_catalog.encode(
            pg_catalog.sha256(pg_catalog.convert_to(read.snapshot, pg_catalog.getdatabaseencoding())), 'hex'
          ) as digest,
          read.*
        from read
      )
    select
      digested.digest,
      case when ${isOneOf(digests)} then null else digested.snapshot end as snapshot,
      ${restore()}
    from digested`;
}

/** Without a value where none is known: the driver asks for the types of values in a round trip of its own. */
function isOneOf(digests: readonly string[]): Query {
  return digests.length === 0 ? sql`false` : sql`digested.digest = any(${digests}::text[])`;
}

function members(): Query {
  const read = [...families, ...annotations].map(
    ({ name, query }) => `('${name}', (select coalesce(json_agg(q), '[]') from (${query.text}) q))`,
  );
  return { text: read.join(",\n"), values: [] };
}

function before(): Query {
  return joinSql(
    printing.map(({ setting }, index) => ({
      text: `pg_catalog.current_setting('${setting}') as before_${index}`,
      values: [],
    })),
    ", ",
  );
}

function pin(): Query {
  return joinSql(
    printing.map(({ setting, value }, index) => ({
      text: `pg_catalog.set_config('${setting}', '${value}', true) as pinned_${index}`,
      values: [],
    })),
    ", ",
  );
}

function restore(): Query {
  return joinSql(
    printing.map(({ setting }, index) => ({
      text: `pg_catalog.set_config('${setting}', before_${index}, true) as restored_${index}`,
      values: [],
    })),
    ", ",
  );
}
