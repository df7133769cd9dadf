import { sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import { toHistoryError } from "../history/history-error.ts";
import type { OwnMigration } from "../history/own-migrations.ts";
import { hasRuns, readTableShapes, type TableShapes } from "../history/read-history.ts";
import type { BatchDatabase, Observe } from "../ports.ts";
import { scriptEnds, splitError, tablesScript } from "./batch-script.ts";
import {
  assertWritableShape,
  isComplete,
  isForeign,
  pendingBookkeeping,
  type HistorySetup,
} from "./ensure-history.ts";
import { HistoryIsHeld, withLockRetries, type LockWait } from "./lock.ts";

export interface BatchHistorySetup {
  readonly database: BatchDatabase;
  readonly observe: Observe;
  readonly lockWait: LockWait;
  readonly ownMigrations: readonly OwnMigration[];
  readonly runId: string;
  readonly foreignTable: HistorySetup["foreignTable"];
}

/** The same as `ensureHistory` for a database reached by requests. Throws `history_shape`, `permission_denied`. */
export async function ensureBatchHistory(setup: BatchHistorySetup): Promise<TableShapes> {
  try {
    return await withLockRetries(setup.lockWait, () => settleTables(setup));
  } catch (error) {
    throw toHistoryError(error, "set up");
  }
}

/** The role that requests begin with: what a migration sets instead is taken back before it is recorded. */
export async function readOwnRole(database: BatchDatabase): Promise<string> {
  const { rows } = await database.reader({}).run(sql`select current_setting('role') as role`);
  return String(rows[0]?.["role"]);
}

async function settleTables(setup: BatchHistorySetup): Promise<TableShapes> {
  const session = setup.database.reader({});
  const shapes = await readTableShapes(session);
  assertWritableShape(shapes, setup.foreignTable);
  const pending = !hasRuns(shapes)
    ? setup.ownMigrations
    : await pendingBookkeeping({ session, ownMigrations: setup.ownMigrations });
  if (isComplete(shapes) && pending.length === 0) return shapes;
  const { runId, database, observe } = setup;
  await database
    .runScript(
      tablesScript({
        hasEntryTable: shapes.entryColumns.size > 0,
        setsAside: isForeign(shapes),
        pending,
        runId,
      }),
    )
    .catch(lookAgain);
  observe({ kind: "history_created" });
  const after = await readTableShapes(session);
  assertWritableShape(after, "refuse");
  return after;
}

/** Another writer made or makes the same tables, or the answer was lost: the next look tells what is still missing. */
function lookAgain(error: unknown): never {
  if (error instanceof DatabaseError && error.fields.sqlstate === scriptEnds.split) throw splitError();
  const isRace =
    error instanceof DatabaseError &&
    (error.connectionLost || [scriptEnds.held, "23505", "42P07", "42P06"].includes(error.fields.sqlstate));
  throw isRace ? new HistoryIsHeld() : error;
}
