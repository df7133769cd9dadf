import * as z from "zod";
import { sql } from "../database/sql.ts";
import { leadsBack, rollbackVerdicts, type WayBack } from "../model/rollback.ts";
import { recordedVersion } from "../model/version.ts";
import type { Reader } from "../ports.ts";

const loss = z.object({
  kind: z.string(),
  name: z.string(),
  how: z.enum(["dropped", "deleted", "overwritten", "converted"]),
  rows: z.exactOptional(z.number()),
  isEstimate: z.exactOptional(z.boolean()),
});

const details = z.object({
  source: z.enum(["given", "generated"]),
  losses: z.array(loss),
  rowsLeft: z.array(z.string()),
  reason: z.exactOptional(z.string()),
  kept: z.exactOptional(z.array(z.string())),
  objects: z.array(
    z.object({ key: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
});

const wayRow = z.object({
  id: z.number(),
  version: z.string(),
  name: z.string(),
  checksum: z.string().nullable(),
  rollback_sql: z.string().nullable(),
  verdict: z.enum(rollbackVerdicts).nullable(),
  details: details.nullable(),
  applied_at: z.string(),
  is_open: z.boolean(),
});

/** The ways back of these runs, newest first; whether each window is open is decided by the server's clock. */
export async function readWaysBack(
  session: Reader,
  runIds: readonly number[],
  windowHours: number,
): Promise<readonly WayBack[]> {
  const { rows } = await session.run(sql`
    select coalesce(json_agg(w order by w.id desc), '[]') as ways
    from (
      select
        r.id, r.version, r.phase_name as name, r.checksum, r.rollback_sql, r.rollback_verdict as verdict,
        r.rollback_details as details,
        to_char(r.completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as applied_at,
        r.completed_at > now() - make_interval(hours => ${windowHours}::int) as is_open
      from supabase_migrations.migration_history r
      where r.id = any (${runIds.map(String)}::text[]::bigint[])
    ) w`);
  return z.array(wayRow).parse(rows[0]?.["ways"]).map(toWayBack);
}

function toWayBack(row: z.infer<typeof wayRow>): WayBack {
  const { id, version, name, checksum, applied_at: appliedAt, is_open: isOpen, verdict } = row;
  // An empty script, where nothing of the schema has to be undone, is recorded as none.
  const rollback =
    verdict === null || row.details === null
      ? undefined
      : { ...row.details, verdict, sql: row.rollback_sql ?? (leadsBack(verdict) ? "" : undefined) };
  return {
    id,
    version: recordedVersion(version),
    name,
    checksum: checksum ?? undefined,
    appliedAt,
    isOpen,
    givenSql: row.rollback_sql ?? undefined,
    rollback,
  };
}
