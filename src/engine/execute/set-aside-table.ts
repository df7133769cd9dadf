import { ident, sql } from "../database/sql.ts";
import { hasRuns, readTableShapes } from "../history/read-history.ts";
import type { Reader, Session } from "../ports.ts";

/** What another program's table of the name of ours is called once ours takes its place. */
const asideName = "migration_history_before_godwit";

/** The name that the table gets, where `supabase_migrations.migration_history` is another program's; undefined where it is ours or absent. */
export async function foreignRunTable(session: Reader): Promise<string | undefined> {
  const shapes = await readTableShapes(session);
  return shapes.runColumns.size > 0 && !hasRuns(shapes) ? asideName : undefined;
}

/** Renames that table, with all that is in it. Throws a `DatabaseError` where the name is taken. */
export async function setAsideRunTable(session: Session): Promise<void> {
  const name = await foreignRunTable(session);
  if (name === undefined) return;
  await session.run(sql`
    alter table supabase_migrations.migration_history
    rename to ${ident(name)}`);
}
