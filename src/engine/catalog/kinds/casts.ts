import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { maybeText, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    source: z.string(),
    target: z.string(),
    function: maybeText,
    context: z.string(),
    method: z.string(),
  }),
);

const contexts: Readonly<Record<string, string>> = { a: "assignment", i: "implicit" };
const methods: Readonly<Record<string, string>> = { f: "function", i: "inout", b: "binary" };

/** Casts that came neither with the server nor with a range type. */
export const casts: Family = {
  name: "casts",
  query: sql`
    select
      c.oid,
      pg_catalog.format_type(c.castsource, null) as source,
      pg_catalog.format_type(c.casttarget, null) as target,
      case when c.castfunc <> 0 then c.castfunc::regprocedure::text end as function,
      c.castcontext as context,
      c.castmethod as method
    from pg_catalog.pg_cast c
    where c.oid >= 16384
      and c.oid not in (select objid from ext where classid = 'pg_catalog.pg_cast'::regclass)
      and c.oid not in (select objid from range_part where classid = 'pg_catalog.pg_cast'::regclass)`,
  toDrafts: (given) =>
    rows.parse(given).map((cast) => ({
      id: { kind: "cast", name: "", signature: `${cast.source} AS ${cast.target}` },
      addresses: [address("pg_cast", cast.oid)],
      attributes: {
        source: cast.source,
        target: cast.target,
        function: cast.function ?? undefined,
        context: contexts[cast.context],
        method: methods[cast.method],
      },
    })),
};
