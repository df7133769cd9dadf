import { sql } from "../../database/sql.ts";
import { DatabaseError } from "../../errors.ts";
import type { Session } from "../../ports.ts";
import { readCatalog } from "../../catalog/read-catalog.ts";
import { quoteIdentifier } from "../../sql/quote.ts";
import { probeAccess } from "../assertions/access.ts";
import type { Probe } from "../probe.ts";
import type { World } from "../assertion.ts";
import { parseName } from "../names.ts";
import { inSavepoint } from "../world.ts";
import type { SqlLook } from "./ask-over-http.ts";

/** What SQL says to each probe in the open transaction. */
export async function lookInSql(
  session: Session,
  probes: readonly Probe[],
  isReadOnly: boolean,
): Promise<readonly SqlLook[]> {
  const catalog = await readCatalog(session);
  const looks: SqlLook[] = [];
  for (const probe of probes)
    looks.push(
      await inSavepoint(session, async (within) => {
        const world = { catalog, isReadOnly, ...within };
        return { outcome: await probeAccess(probe, world), column: await findReadable(probe, world) };
      }),
    );
  return looks;
}

/** The first column that the role may read, else the first; undefined where there is no such role, table or column. */
async function findReadable({ role, table }: Probe, { run, startAgain }: World): Promise<string | undefined> {
  const { schema, name } = parseName(table);
  const relation = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  try {
    const { rows } = await run(sql`
      select a.attname as name
      from pg_catalog.pg_attribute a
      where a.attrelid = pg_catalog.to_regclass(${relation}) and a.attnum > 0 and not a.attisdropped
      order by pg_catalog.has_column_privilege(${role}, a.attrelid, a.attnum, 'select') desc, a.attnum
      limit 1`);
    return rows[0] === undefined ? undefined : String(rows[0]["name"]);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
    return undefined;
  } finally {
    await startAgain();
  }
}
