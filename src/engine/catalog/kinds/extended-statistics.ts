import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { maybeNumber, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    statement: z.string(),
    relation: oid,
    target: maybeNumber,
  }),
);

/** Statistics objects; like the server's, their names lie in a schema and not in their table. */
export const extendedStatistics: Family = {
  name: "statistics",
  query: sql`
    select
      s.oid,
      ns.nspname as schema,
      s.stxname as name,
      pg_catalog.pg_get_userbyid(s.stxowner) as owner,
      pg_catalog.pg_get_statisticsobjdef(s.oid) as statement,
      s.stxrelid as relation,
      nullif(s.stxstattarget, -1) as target
    from pg_catalog.pg_statistic_ext s
    join ns on ns.oid = s.stxnamespace
    where s.oid not in (select objid from ext where classid = 'pg_catalog.pg_statistic_ext'::regclass)`,
  toDrafts: (given) =>
    rows.parse(given).map((statistics) => ({
      id: { kind: "statistics", schema: statistics.schema, name: statistics.name },
      addresses: [address("pg_statistic_ext", statistics.oid)],
      parent: address("pg_class", statistics.relation),
      owner: statistics.owner,
      statement: statistics.statement,
      attributes: {
        definition: statistics.statement.replace(
          /^CREATE STATISTICS (?:"(?:[^"]|"")*"|[^". ]+)\.(?:"(?:[^"]|"")*"|[^". ]+) /,
          "",
        ),
        target: statistics.target ?? undefined,
      },
    })),
};
