import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { acl, maybeText, oid } from "../row-fields.ts";

const languageRows = z.array(
  z.object({
    oid,
    name: z.string(),
    owner: z.string(),
    acl,
    is_trusted: z.boolean(),
    handler: maybeText,
    inline: maybeText,
    validator: maybeText,
  }),
);

/** Procedural languages that no extension brought. */
export const languages: Family = {
  name: "languages",
  query: sql`
    select
      l.oid,
      l.lanname as name,
      pg_catalog.pg_get_userbyid(l.lanowner) as owner,
      l.lanacl::text[] as acl,
      l.lanpltrusted as is_trusted,
      case when l.lanplcallfoid <> 0 then l.lanplcallfoid::regproc::text end as handler,
      case when l.laninline <> 0 then l.laninline::regproc::text end as inline,
      case when l.lanvalidator <> 0 then l.lanvalidator::regproc::text end as validator
    from pg_catalog.pg_language l
    where l.oid >= 16384
      and l.oid not in (select objid from ext where classid = 'pg_catalog.pg_language'::regclass)`,
  toDrafts: (given) =>
    languageRows.parse(given).map((language) => ({
      id: { kind: "language", name: language.name },
      addresses: [address("pg_language", language.oid)],
      owner: language.owner,
      acl: language.acl,
      attributes: {
        trusted: language.is_trusted,
        handler: language.handler ?? undefined,
        inline: language.inline ?? undefined,
        validator: language.validator ?? undefined,
      },
    })),
};

const methodRows = z.array(z.object({ oid, name: z.string(), type: z.string(), handler: z.string() }));

/** Access methods that no extension brought. */
export const accessMethods: Family = {
  name: "access_methods",
  query: sql`
    select a.oid, a.amname as name, a.amtype as type, a.amhandler::regproc::text as handler
    from pg_catalog.pg_am a
    where a.oid >= 16384
      and a.oid not in (select objid from ext where classid = 'pg_catalog.pg_am'::regclass)`,
  toDrafts: (given) =>
    methodRows.parse(given).map((method) => ({
      id: { kind: "access_method", name: method.name },
      addresses: [address("pg_am", method.oid)],
      attributes: { type: method.type === "i" ? "index" : "table", handler: method.handler },
    })),
};

const transformRows = z.array(
  z.object({ oid, type: z.string(), language: z.string(), from_sql: maybeText, to_sql: maybeText }),
);

/** Transforms between a type and a language. */
export const transforms: Family = {
  name: "transforms",
  query: sql`
    select
      t.oid,
      pg_catalog.format_type(t.trftype, null) as type,
      l.lanname as language,
      case when t.trffromsql <> 0 then t.trffromsql::regprocedure::text end as from_sql,
      case when t.trftosql <> 0 then t.trftosql::regprocedure::text end as to_sql
    from pg_catalog.pg_transform t
    join pg_catalog.pg_language l on l.oid = t.trflang
    where t.oid >= 16384
      and t.oid not in (select objid from ext where classid = 'pg_catalog.pg_transform'::regclass)`,
  toDrafts: (given) =>
    transformRows.parse(given).map((transform) => ({
      id: { kind: "transform", name: "", signature: `${transform.type}, ${transform.language}` },
      addresses: [address("pg_transform", transform.oid)],
      attributes: {
        type: transform.type,
        language: transform.language,
        fromSql: transform.from_sql ?? undefined,
        toSql: transform.to_sql ?? undefined,
      },
    })),
};
