import { sql, userStatement } from "../database/sql.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { OwnMigration } from "../history/own-migrations.ts";
import { appliedBookkeeping, createEntryTable, insertRun, completeRun } from "../history/queries.ts";
import { toHistoryError } from "../history/history-error.ts";
import { hasRuns, readTableShapes, type TableShapes } from "../history/read-history.ts";
import type { Observe, Reader, Session } from "../ports.ts";
import { setAsideRunTable } from "./set-aside-table.ts";
import { HistoryIsHeld, tryHistoryLock, withLockRetries, type LockWait } from "./lock.ts";
import { rollback } from "./transaction.ts";

export interface HistorySetup {
  readonly session: Session;
  readonly observe: Observe;
  readonly lockWait: LockWait;
  readonly ownMigrations: readonly OwnMigration[];
  readonly runId: string;
  /** What happens to another program's table of the name of ours: refused, or renamed in the transaction that makes ours. */
  readonly foreignTable: "refuse" | "set_aside";
}

const entryColumns = ["version", "statements", "name"];

/** Two sessions that create the schema at once race in the catalog; the second attempt finds it there. */
const attempts = 3;

/**
 * Makes the two tables where they are missing: the Supabase CLI's as the CLI makes it, ours from our own migrations.
 * A table that exists is never altered. Throws `history_shape` where one cannot be written to, `permission_denied`.
 */
export async function ensureHistory(setup: HistorySetup): Promise<TableShapes> {
  try {
    return await settleTables(setup);
  } catch (error) {
    throw toHistoryError(error, "set up");
  }
}

async function settleTables(setup: HistorySetup): Promise<TableShapes> {
  const before = await readTableShapes(setup.session);
  assertWritableShape(before, setup.foreignTable);
  if (isComplete(before) && (await pendingBookkeeping(setup)).length === 0) return before;
  await createTables(setup);
  setup.observe({ kind: "history_created" });
  const after = await readTableShapes(setup.session);
  assertWritableShape(after, "refuse");
  return after;
}

/** True where both tables are there. */
export function isComplete(shapes: TableShapes): boolean {
  return shapes.entryColumns.size > 0 && hasRuns(shapes);
}

/** True where the table of the name of ours is another program's. */
export function isForeign(shapes: TableShapes): boolean {
  return shapes.runColumns.size > 0 && !hasRuns(shapes);
}

/** Throws `history_shape` where one of the tables cannot be written to. */
export function assertWritableShape(shapes: TableShapes, foreignTable: HistorySetup["foreignTable"]): void {
  const { entryColumns: entry } = shapes;
  const missing = entryColumns.filter((column) => !entry.has(column));
  if (entry.size > 0 && missing.length > 0) {
    throw new EngineError(
      "history_shape",
      `supabase_migrations.schema_migrations lacks the columns ${missing.join(", ")}, so that nothing can be recorded as the Supabase CLI does.`,
    );
  }
  if (foreignTable === "refuse" && isForeign(shapes)) {
    throw new EngineError(
      "history_shape",
      "supabase_migrations.migration_history exists in a shape that is not Godwit's.",
      {
        hint: "Call reconcile_history: its plan renames that table, with all that is in it, and makes Godwit's own.",
      },
    );
  }
}

/** Migrations of our own tables that have not run. */
export async function pendingBookkeeping(setup: {
  readonly session: Reader;
  readonly ownMigrations: readonly OwnMigration[];
}): Promise<readonly OwnMigration[]> {
  const { rows } = await setup.session.run(appliedBookkeeping);
  const applied = new Set(rows.map((row) => row["version"]));
  return setup.ownMigrations.filter((migration) => !applied.has(migration.version));
}

async function createTables(setup: HistorySetup): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withLockRetries(setup.lockWait, () => createInTransaction(setup));
    } catch (error) {
      const isRace =
        error instanceof DatabaseError && ["23505", "42P07", "42P06"].includes(error.fields.sqlstate);
      if (!isRace || attempt === attempts) throw error;
    }
  }
}

async function createInTransaction(setup: HistorySetup): Promise<void> {
  const { session } = setup;
  await session.run(sql`begin`);
  try {
    // The Supabase CLI waits as long for the same tables.
    await session.run(sql`select set_config('lock_timeout', '4s', true)`);
    const isOurs = await tryHistoryLock(session, "transaction");
    const shapes = await readTableShapes(session);
    const pending = !hasRuns(shapes) ? setup.ownMigrations : await pendingBookkeeping(setup);
    // Whoever holds the history may have made its tables by now, or may be making them.
    if (!isOurs && (shapes.entryColumns.size === 0 || pending.length > 0)) throw new HistoryIsHeld();
    if (isForeign(shapes)) await session.run(setAsideRunTable);
    if (shapes.entryColumns.size === 0) for (const query of createEntryTable) await session.run(query);
    for (const migration of pending) await applyOwnMigration(setup, migration);
    await session.run(sql`commit`);
  } catch (error) {
    await rollback(session);
    throw error;
  }
}

/** Our own tables' history is kept in our own table, so that no project sees versions that are not its own. */
async function applyOwnMigration(setup: HistorySetup, migration: OwnMigration): Promise<void> {
  for (const statement of migration.statements) await setup.session.run(userStatement(statement));
  const { rows } = await setup.session.run(
    insertRun({
      kind: "bookkeeping",
      version: migration.version,
      name: migration.name,
      checksum: migration.checksum,
      runId: setup.runId,
      appliedBy: "godwit",
      rollbackSql: migration.rollbackSql ?? null,
    }),
  );
  await setup.session.run(
    completeRun({ id: Number(rows[0]?.["id"]), rowsAffected: 0, durationMs: 0, statementResults: "[]" }),
  );
}
