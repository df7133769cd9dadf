import { EngineError } from "../errors.ts";
import { changeRunStatus } from "../history/change-queries.ts";
import { failRun } from "../history/queries.ts";
import { hasRuns, readTableShapes } from "../history/read-history.ts";
import type {
  SessionDatabase,
  MigrationFolder,
  Observe,
  Reader,
  Session,
  TargetDescription,
} from "../ports.ts";
import { HistoryIsHeld, tryHistoryLock, withLockRetries, type LockWait } from "./lock.ts";
import { commit, limitTransaction, rollback, type Limits } from "./transaction.ts";
import { sql } from "../database/sql.ts";

/** What recovering needs. */
export interface RecoveryContext {
  readonly database: SessionDatabase;
  readonly folder: MigrationFolder;
  readonly lockWait: LockWait;
  readonly limits: Limits;
  readonly observe: Observe;
}

/** What became of one change that had been cut off. */
export interface RecoveredChange {
  readonly runId: string;
  readonly outcome: "finished" | "undone";
}

/**
 * Finishes or undoes changes of files and history that were cut off; answers none where there are none, after one look at the archive.
 * Holding the history's lock says that nobody works on them any more: the lock goes with the transaction that would commit them.
 * Throws `change_unfinished` where this database does not know the run.
 */
export async function recoverChanges(context: RecoveryContext): Promise<readonly RecoveredChange[]> {
  const recovered: RecoveredChange[] = [];
  for (const runId of await context.folder.unfinishedChanges()) {
    const outcome = await context.database.withSession((session) => recoverOne(context, session, runId));
    if (outcome === undefined) continue;
    context.observe({ kind: "change_recovered", runId, outcome });
    recovered.push({ runId, outcome });
  }
  return recovered;
}

function recoverOne(
  context: RecoveryContext,
  session: Session,
  runId: string,
): Promise<RecoveredChange["outcome"] | undefined> {
  return withLockRetries(context.lockWait, async () => {
    await session.run(sql`begin isolation level read committed`);
    try {
      await limitTransaction(session, context.limits, context.database.target.engine);
      if (!(await tryHistoryLock(session, "transaction"))) throw new HistoryIsHeld();
      const outcome = await settle(context, session, runId);
      await commit(session);
      return outcome;
    } catch (error) {
      await rollback(session);
      throw error;
    }
  });
}

async function settle(
  { folder, database }: RecoveryContext,
  session: Session,
  runId: string,
): Promise<RecoveredChange["outcome"] | undefined> {
  // Whoever held the lock before may have been the one that was at work.
  if (!(await folder.unfinishedChanges()).includes(runId)) return undefined;
  const run = await readRun(session, runId);
  if (run === undefined) throw await unknownChange(folder, database.target, runId);
  if (run.status === "completed") {
    await folder.keepChanges(runId);
    return "finished";
  }
  await folder.undoChanges(runId);
  await session.run(failRun(run.id, "Undone: it was cut off", "[]"));
  return "undone";
}

/** Told where this database has no run of that id. */
export async function unknownChange(
  folder: MigrationFolder,
  { label }: TargetDescription,
  runId: string,
): Promise<EngineError> {
  const journal = await folder.unfinishedChange(runId);
  const begun = journal === undefined ? "" : `, begun ${journal.begunAt} on ${journal.target}`;
  return new EngineError(
    "change_unfinished",
    `A change of files and history (run ${runId}${begun}) was cut off, and ${label} does not know it: it is another database, or was made anew or restored since. Nothing was changed now.`,
    {
      hint: `Where the database that it was begun on is still there, call reconcile_history {} on that one: it finishes or undoes the change. Where it is gone, reconcile_history { actions: ["undo_change ${runId}"] } plans how every file gets back to its place.`,
    },
  );
}

/** Our run of a change of files and history; undefined where this database has none of that id. */
export async function readRun(
  reader: Reader,
  runId: string,
): Promise<{ readonly id: number; readonly status: unknown } | undefined> {
  if (!hasRuns(await readTableShapes(reader))) return undefined;
  const { rows } = await reader.run(changeRunStatus(runId));
  return rows[0] === undefined ? undefined : { id: Number(rows[0]["id"]), status: rows[0]["status"] };
}
