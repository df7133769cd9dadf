import { ident, sql } from "../database/sql.ts";
import { setAsideName } from "../history/foreign-tables.ts";
import { hasRuns, readTableShapes } from "../history/read-history.ts";
import type { Reader } from "../ports.ts";

/** The name that the table gets, where `supabase_migrations.migration_history` is another program's; undefined where it is ours or absent. */
export async function foreignRunTable(session: Reader): Promise<string | undefined> {
  const shapes = await readTableShapes(session);
  return shapes.runColumns.size > 0 && !hasRuns(shapes) ? setAsideName : undefined;
}

/** Renames that table, with all that is in it. */
export const setAsideRunTable = sql`
  alter table supabase_migrations.migration_history
  rename to ${ident(setAsideName)}`;
