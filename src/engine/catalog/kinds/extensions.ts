import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { oid } from "../row-fields.ts";

const rows = z.array(
  z.object({ oid, name: z.string(), schema: z.string(), version: z.string(), schema_is_own: z.boolean() }),
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
      n.oid in (select objid from ext where classid = 'pg_catalog.pg_namespace'::regclass) as schema_is_own
    from pg_catalog.pg_extension e
    join pg_catalog.pg_namespace n on n.oid = e.extnamespace`,
  toDrafts: (given) =>
    rows.parse(given).map((extension) => ({
      id: { kind: "extension", name: extension.name },
      addresses: [address("pg_extension", extension.oid)],
      attributes: {
        schema: extension.schema,
        schemaIsOwn: extension.schema_is_own,
        version: extension.version,
      },
    })),
};
