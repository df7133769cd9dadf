import { sql } from "../database/sql.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import type { BatchDatabase, Clock, MigrationFolder, Observe, TargetDescription } from "../ports.ts";
import { scriptEnds, splitError } from "./batch-script.ts";
import { changeScript, settleChangeScript, wholeHistoryMark } from "./change-script.ts";
import { HistoryIsHeld, withLockRetries } from "./lock.ts";
import { readRun, unknownChange, type RecoveredChange } from "./recover-changes.ts";
import type { BatchContext } from "./run-batch-plan.ts";
import {
  assertFresh,
  beginRunQuery,
  changeFolder,
  clearUp,
  noteFailure,
  queriesOf,
} from "./run-history-change.ts";
import { askUntilSettled } from "./settle-run.ts";

/** What changing files and history by requests needs, besides the plan; both tables are there (`ensureBatchHistory`). */
export type BatchChangeContext = Omit<BatchContext, "role"> & { readonly folder: MigrationFolder };

/**
 * Changes files and history together or not at all where every request is a transaction of its own: the files first, with a journal, then
 * all rows by one request that runs only on the history that was judged and only while nobody has given up the run. Whoever finds
 * the journal later asks the run's row which way it went (`recoverByRequests`). Throws as `runHistoryChange`.
 */
export async function runBatchChange(context: BatchChangeContext, plan: HistoryChangePlan): Promise<void> {
  const { database, folder, runId } = context;
  const [begun] = await database.runScript([beginRunQuery(context, plan)]);
  try {
    await withLockRetries(context.lockWait, () => attempt(context, plan));
  } catch (error) {
    await noteFailure((query) => database.runScript([query]), Number(begun?.["id"]), error);
    throw error;
  }
  context.observe({ kind: "change_committed", runId });
  await clearUp(folder, runId);
}

async function attempt(context: BatchChangeContext, plan: HistoryChangePlan): Promise<void> {
  const { database, folder, runId, limits } = context;
  const reader = database.reader({});
  const { rows } = await reader.run(sql`select ${wholeHistoryMark} as mark`);
  await assertFresh(reader, folder, plan);
  await changeFolder(context, plan);
  const run = { ...context, planId: plan.id };
  const script = changeScript({
    runId,
    limits,
    mark: String(rows[0]?.["mark"]),
    changes: plan.rows.flatMap((change) => queriesOf(change, run, context.isHostedShape)),
    rowsAffected: plan.rows.length,
  });
  const failure = await database.runScript(script).then(
    () => undefined,
    (error: unknown) => settle(context, error),
  );
  if (failure === undefined) return;
  await folder.undoChanges(runId);
  throw failure;
}

/** What the request failed with, where nothing of it was kept; undefined where it was. Throws `outcome_unknown`, and the files stay as they are. */
async function settle({ database, clock, runId }: BatchChangeContext, error: unknown): Promise<unknown> {
  if (!(error instanceof DatabaseError)) return error;
  const { sqlstate } = error.fields;
  if (sqlstate === scriptEnds.held || sqlstate === scriptEnds.changed) return new HistoryIsHeld();
  if (sqlstate === scriptEnds.split) return splitError();
  if (!error.connectionLost) return error;
  const outcome = await askUntilSettled(database, clock, settleChangeScript(runId));
  if (outcome === "committed") return undefined;
  if (outcome === "rolled_back") {
    return new EngineError(
      "connection_lost",
      "The answer to the change of the history was lost. It was found out that nothing of it was kept, and the files are as they were.",
      { hint: "Call the tool again without confirm to plan anew." },
      error,
    );
  }
  throw new EngineError(
    "outcome_unknown",
    "The answer to the change of the history was lost, and the project does not answer since.",
    { hint: "Call the tool again when the project answers: it finishes or undoes the change first." },
    error,
  );
}

/** What recovering by requests needs. */
export interface BatchRecovery {
  readonly database: BatchDatabase;
  readonly folder: MigrationFolder;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** The same as `recoverChanges`: the run is settled first, so that a request that comes late changes nothing. */
export async function recoverByRequests(context: BatchRecovery): Promise<readonly RecoveredChange[]> {
  const recovered: RecoveredChange[] = [];
  for (const runId of await context.folder.unfinishedChanges()) {
    const outcome = await recoverOne(context, runId);
    context.observe({ kind: "change_recovered", runId, outcome });
    recovered.push({ runId, outcome });
  }
  return recovered;
}

async function recoverOne(
  { database, folder, clock }: BatchRecovery,
  runId: string,
): Promise<RecoveredChange["outcome"]> {
  if ((await readRun(database.reader({}), runId)) === undefined)
    throw await unknownChange(folder, database.target, runId);
  const outcome = await askUntilSettled(database, clock, settleChangeScript(runId));
  if (outcome === "unknown") throw notSettled(database.target, runId);
  if (outcome === "committed") {
    await folder.keepChanges(runId);
    return "finished";
  }
  await folder.undoChanges(runId);
  return "undone";
}

function notSettled({ label }: TargetDescription, runId: string): EngineError {
  return new EngineError(
    "outcome_unknown",
    `A change of files and history (run ${runId}) was cut off, and ${label} does not tell what became of it. Nothing was changed now.`,
    { hint: "Call the tool again when the project answers: it finishes or undoes the change first." },
  );
}
