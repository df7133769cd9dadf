import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { acl, oid } from "../row-fields.ts";

const rows = z.array(z.object({ oid, name: z.string(), owner: z.string(), acl }));

/** Schemas of users and of the platform. */
export const schemas: Family = {
  name: "schemas",
  query: sql`
    select ns.oid, ns.nspname as name, pg_catalog.pg_get_userbyid(ns.nspowner) as owner, ns.nspacl::text[] as acl
    from ns
    where ns.oid not in (select objid from ext where classid = 'pg_catalog.pg_namespace'::regclass)`,
  toDrafts: (given) =>
    rows.parse(given).map((row) => ({
      id: { kind: "schema", name: row.name },
      addresses: [address("pg_namespace", row.oid)],
      attributes: {},
      owner: row.owner,
      acl: row.acl,
    })),
};
