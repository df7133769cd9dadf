import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { maybeTexts, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({ oid, name: z.string(), schema: z.string(), version: z.string(), own_schemas: maybeTexts }),
);

/** Installed extensions; what they brought is not listed. */
export const extensions: Family = {
  name: "extensions",
  query: sql`
    select
      e.oid,
      e.extname as name,
      n.nspname as schema,
      e.extversion as version,
      (
        select array_agg(m.nspname::text order by m.nspname::text)
        from ext
        join pg_catalog.pg_namespace m on m.oid = ext.objid
        where ext.classid = 'pg_catalog.pg_namespace'::regclass and ext.extension = e.oid
      ) as own_schemas
    from pg_catalog.pg_extension e
    join pg_catalog.pg_namespace n on n.oid = e.extnamespace`,
  toDrafts: (given) =>
    rows.parse(given).map((extension) => ({
      id: { kind: "extension", name: extension.name },
      addresses: [address("pg_extension", extension.oid)],
      attributes: {
        schema: extension.schema,
        schemaIsOwn: extension.own_schemas?.includes(extension.schema) === true,
        ownSchemas: extension.own_schemas ?? undefined,
        version: extension.version,
      },
    })),
};
