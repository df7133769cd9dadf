import * as z from "zod";
import { joinSql, sql } from "../database/sql.ts";
import type { AdvisorFinding } from "../model/effects.ts";
import type { Session } from "../ports.ts";
import type { AdvisorCheck } from "./check.ts";
import { surroundings } from "./surroundings.ts";

const found = z.array(z.tuple([z.string(), z.string(), z.string().nullable()]));

/** Runs the checks in one statement, in whatever transaction is open, and answers everything that they find fault with. */
export async function runAdvisors(
  session: Session,
  checks: readonly AdvisorCheck[],
): Promise<readonly AdvisorFinding[]> {
  const possible = await keepPossible(session, checks);
  const parts = possible.map(
    ({ name, query }) =>
      sql`select ${name}::text as name, f.object::text as object, f.detail::text as detail from (${query}) f`,
  );
  const { rows } = await session.run(sql`
    with ${surroundings}
    select coalesce(json_agg(json_build_array(f.name, f.object, f.detail)), '[]') as found
    from (${joinSql(parts, " union all ")}) f`);
  const byName = new Map(possible.map((check) => [check.name, check]));
  return found.parse(rows[0]?.["found"]).flatMap(([name, object, detail]) => {
    const check = byName.get(name);
    if (check === undefined) return [];
    const { category, level, message } = check;
    return [{ check: name, category, level, object, message, detail: detail ?? undefined }];
  });
}

/** What a check reads beside the catalogs is not there in every database, or not ours to read. */
async function keepPossible(
  session: Session,
  checks: readonly AdvisorCheck[],
): Promise<readonly AdvisorCheck[]> {
  const needed = checks.flatMap(({ needs }) => (needs === undefined ? [] : [needs]));
  const { rows } = await session.run(sql`
    select n.name
    from unnest(${needed}::text[]) n (name)
    where case
      when pg_catalog.to_regclass(n.name) is null then false
      else pg_catalog.has_table_privilege(pg_catalog.to_regclass(n.name), 'select')
    end`);
  const there = new Set(rows.map((row) => String(row["name"])));
  return checks.filter(({ needs }) => needs === undefined || there.has(needs));
}

/** What the second look found and the first did not. */
export function newFindings(
  before: readonly AdvisorFinding[],
  after: readonly AdvisorFinding[],
): readonly AdvisorFinding[] {
  const keyOf = ({ check, object, detail }: AdvisorFinding) => JSON.stringify([check, object, detail]);
  const known = new Set(before.map(keyOf));
  return after.filter((finding) => !known.has(keyOf(finding)));
}
