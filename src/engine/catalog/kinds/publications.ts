import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { maybeText, maybeTexts, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    name: z.string(),
    owner: z.string(),
    all_tables: z.boolean(),
    actions: z.string(),
    via_root: z.boolean(),
    generated_columns: maybeText,
  }),
);

/** Publications without their members. */
export const publications: Family = {
  name: "publications",
  query: sql`
    select
      p.oid,
      p.pubname as name,
      pg_catalog.pg_get_userbyid(p.pubowner) as owner,
      p.puballtables as all_tables,
      pg_catalog.concat_ws(', ',
        case when p.pubinsert then 'insert' end,
        case when p.pubupdate then 'update' end,
        case when p.pubdelete then 'delete' end,
        case when p.pubtruncate then 'truncate' end) as actions,
      p.pubviaroot as via_root,
      to_jsonb(p) ->> 'pubgencols' as generated_columns
    from pg_catalog.pg_publication p
    where p.oid not in (select objid from ext where classid = 'pg_catalog.pg_publication'::regclass)`,
  toDrafts: (given) =>
    rows.parse(given).map((publication) => ({
      id: { kind: "publication", name: publication.name },
      addresses: [address("pg_publication", publication.oid)],
      owner: publication.owner,
      attributes: {
        allTables: publication.all_tables,
        actions: publication.actions,
        viaRoot: publication.via_root,
        generatedColumns: publication.generated_columns === "s" ? "stored" : undefined,
      },
    })),
};

const tableRows = z.array(
  z.object({
    oid,
    publication: oid,
    publication_name: z.string(),
    relation: oid,
    schema: z.string(),
    name: z.string(),
    columns: maybeTexts,
    where: maybeText,
  }),
);

/** Tables that a publication names one by one. */
export const publicationTables: Family = {
  name: "publication_tables",
  query: sql`
    select
      m.oid,
      p.oid as publication,
      p.pubname as publication_name,
      c.oid as relation,
      n.nspname as schema,
      c.relname as name,
      (
        select array_agg(a.attname::text order by a.attnum)
        from pg_catalog.pg_attribute a
        where a.attrelid = m.prrelid and a.attnum = any (m.prattrs)
      ) as columns,
      pg_catalog.pg_get_expr(m.prqual, m.prrelid) as "where"
    from pg_catalog.pg_publication_rel m
    join pg_catalog.pg_publication p on p.oid = m.prpubid
    join pg_catalog.pg_class c on c.oid = m.prrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace`,
  toDrafts: (given) =>
    tableRows.parse(given).map((member) => ({
      id: {
        kind: "publication_table",
        schema: member.schema,
        name: member.name,
        signature: `in ${JSON.stringify(member.publication_name)}`,
      },
      addresses: [address("pg_publication_rel", member.oid)],
      parent: address("pg_publication", member.publication),
      attributes: {
        columns: member.columns ?? undefined,
        where: member.where ?? undefined,
      },
      links: {
        publication: address("pg_publication", member.publication),
        table: address("pg_class", member.relation),
      },
      needs: [address("pg_class", member.relation)],
    })),
};

const schemaRows = z.array(
  z.object({ oid, publication: oid, publication_name: z.string(), schema: oid, name: z.string() }),
);

/** Schemas whose tables a publication takes whole. */
export const publicationSchemas: Family = {
  name: "publication_schemas",
  query: sql`
    select
      m.oid,
      p.oid as publication,
      p.pubname as publication_name,
      n.oid as schema,
      n.nspname as name
    from pg_catalog.pg_publication_namespace m
    join pg_catalog.pg_publication p on p.oid = m.pnpubid
    join pg_catalog.pg_namespace n on n.oid = m.pnnspid`,
  toDrafts: (given) =>
    schemaRows.parse(given).map((member) => ({
      id: {
        kind: "publication_schema",
        name: member.name,
        signature: `in ${JSON.stringify(member.publication_name)}`,
      },
      addresses: [address("pg_publication_namespace", member.oid)],
      parent: address("pg_publication", member.publication),
      attributes: {},
      links: {
        publication: address("pg_publication", member.publication),
        schema: address("pg_namespace", member.schema),
      },
      needs: [address("pg_namespace", member.schema)],
    })),
};
