import { EngineError } from "../errors.ts";
import {
  insertChangeRun,
  insertStandInRun,
  rowChangeQueries,
  type ChangeRun,
} from "../history/change-queries.ts";
import { completeRun, failRun, insertEntry, insertHostedEntry, lockEntryTable } from "../history/queries.ts";
import { readHistory } from "../history/read-history.ts";
import type { HistoryChangePlan, RowChange } from "../model/history-change.ts";
import { digestFiles } from "../plan/history-change-id.ts";
import { digestHistory } from "../plan/plan-id.ts";
import type { Database, MigrationFolder, Query, Reader, Session } from "../ports.ts";
import { commitOrFindOut } from "./commit-or-find-out.ts";
import { HistoryIsHeld, tryHistoryLock, withLockRetries } from "./lock.ts";
import type { RunContext } from "./run-context.ts";
import { beginTransaction, rollback } from "./transaction.ts";

/** What carrying out a change needs, besides the plan; both tables are there (`ensureHistory`). */
export interface HistoryChangeContext extends Omit<RunContext, "session"> {
  readonly folder: MigrationFolder;
}

/**
 * Changes files and history together or not at all, under the history's lock. The commit decides: before it everything can be undone,
 * and whoever finds the folder's journal later asks our run's row which way it went (`recoverChanges`).
 * Throws `plan_is_stale` where files or history are not what the plan expects, `outcome_unknown`, `change_unfinished` where only clearing
 * up failed, and what files and database refuse.
 */
export async function runHistoryChange(
  context: HistoryChangeContext,
  plan: HistoryChangePlan,
): Promise<void> {
  const { database, folder, runId } = context;
  await database.withSession(async (session) => {
    const id = await beginRun(session, context, plan);
    try {
      await withLockRetries(context.lockWait, () => attempt({ ...context, session }, plan, id));
    } catch (error) {
      await noteFailure(session.run, id, error);
      throw error;
    }
  });
  context.observe({ kind: "change_committed", runId });
  await clearUp(folder, runId);
}

/** Whoever reads of a full disk after the commit must not take the change for undone. */
export async function clearUp(folder: MigrationFolder, runId: string): Promise<void> {
  try {
    await folder.keepChanges(runId);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(
      "change_unfinished",
      `Files and history are changed as planned; only clearing up failed: ${error.message}`,
      { hint: "Mend that, then call reconcile_history {}: it finishes the change and plans nothing anew." },
      error,
    );
  }
}

async function beginRun(
  session: Session,
  context: HistoryChangeContext,
  plan: HistoryChangePlan,
): Promise<number> {
  const begun = await session.run(beginRunQuery(context, plan));
  return Number(begun.rows[0]?.["id"]);
}

/** Committed before anything else, so that a journal's run is known to this database and to no other. */
export function beginRunQuery(
  { runId, appliedBy }: Pick<HistoryChangeContext, "runId" | "appliedBy">,
  { id: planId, purpose, files, rows }: HistoryChangePlan,
): Query {
  const name = `${files.length} file changes, ${rows.length} row changes`;
  return insertChangeRun({ runId, planId, appliedBy, purpose, name });
}

type Attempt = HistoryChangeContext & { readonly session: Session };

async function attempt(context: Attempt, plan: HistoryChangePlan, id: number): Promise<void> {
  const { session, limits, database } = context;
  const transaction = await beginTransaction(session, limits, database.target.engine);
  try {
    if (!(await tryHistoryLock(session, "transaction"))) throw new HistoryIsHeld();
    await context.blockers.watch(transaction.pid, () => session.run(lockEntryTable));
    await assertFresh(session, context.folder, plan);
    const startedMs = context.clock.monotonicMs();
    await changeFolder(context, plan);
    const rowsAffected = await changeRows(context, plan);
    const durationMs = Math.round(context.clock.monotonicMs() - startedMs);
    await session.run(completeRun({ id, rowsAffected, durationMs, statementResults: "[]" }));
    await commitOrFindOut(context, {
      transaction,
      what: "the change of the history",
      hint: "Call the tool again when the database answers: it finishes or undoes the change first.",
    });
  } catch (error) {
    await undoUnderLock(context, error);
    throw error;
  }
}

/** Files first: whoever gets the lock next must find the folder as it was. */
async function undoUnderLock({ session, folder, runId }: Attempt, error: unknown): Promise<void> {
  try {
    if (!isUnknown(error)) await folder.undoChanges(runId);
  } finally {
    await rollback(session);
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof EngineError && error.code === "outcome_unknown";
}

/** Throws `plan_is_stale` where history or files are not what the plan expects. */
export async function assertFresh(
  reader: Reader,
  folder: MigrationFolder,
  plan: HistoryChangePlan,
): Promise<void> {
  if (digestHistory(await readHistory(reader)) !== plan.expectsHistory) throw stale("the history");
  if (digestFiles((await folder.read()).files) !== plan.expectsFiles) throw stale("the migrations folder");
}

/** The file side of the change, with a journal of it. */
export function changeFolder(
  {
    folder,
    runId,
    observe,
    database,
  }: Pick<HistoryChangeContext, "folder" | "runId" | "observe"> & {
    readonly database: Pick<Database, "target">;
  },
  { files, summary }: HistoryChangePlan,
): Promise<void> {
  return folder.change({
    runId,
    target: database.target.id,
    changes: files,
    summary,
    beforeStep: (step) => observe({ kind: "change_step", step }),
  });
}

async function changeRows(context: Attempt, { id: planId, rows }: HistoryChangePlan): Promise<number> {
  const { session, runId, appliedBy } = context;
  let rowsAffected = 0;
  for (const change of rows) {
    for (const query of queriesOf(change, { runId, planId, appliedBy }, context.isHostedShape)) {
      const result = await session.run(query);
      rowsAffected += result.rowsAffected;
    }
  }
  return rowsAffected;
}

/** The statements of one change, in their order. */
export function queriesOf(change: RowChange, run: ChangeRun, isHostedShape: boolean): readonly Query[] {
  if (change.kind !== "insert") return rowChangeQueries(change, { ...run, isHostedShape });
  const { rollbackSql, checksum, ...entry } = change.entry;
  const recorded = checksum === undefined ? [] : [insertStandInRun({ ...entry, checksum }, run)];
  if (!isHostedShape) return [insertEntry(entry), ...recorded];
  return [
    insertHostedEntry({
      ...entry,
      createdBy: run.appliedBy,
      idempotencyKey: `${run.runId}:${entry.version}`,
      rollback: rollbackSql ?? null,
    }),
    ...recorded,
  ];
}

/** The files are back by now; a row that stays pending only says that the database was gone. */
export async function noteFailure(
  send: (query: Query) => Promise<unknown>,
  id: number,
  error: unknown,
): Promise<void> {
  if (isUnknown(error)) return;
  const code = error instanceof EngineError ? error.code : "not_carried_out";
  await send(failRun(id, `Undone: ${code}`, "[]")).catch(() => undefined);
}

function stale(what: string): EngineError {
  return new EngineError(
    "plan_is_stale",
    `The plan no longer holds: ${what} changed since it was made. Nothing was changed.`,
    { hint: "Call the same tool without confirm to plan anew." },
  );
}
