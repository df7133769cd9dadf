import { sql } from "../database/sql.ts";
import { scriptText } from "../database/management/script-text.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import { readRecordedNow } from "../history/read-history.ts";
import type { RunRecord } from "../model/history.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import type { Version } from "../model/version.ts";
import type { BatchDatabase, Clock, Observe, Reader } from "../ports.ts";
import { historyMark, migrationScript, scriptEnds, splitError, type BatchScript } from "./batch-script.ts";
import { HistoryIsHeld, withLockRetries, type LockWait } from "./lock.ts";
import { judgeRace, type MigrationRun } from "./run-migration.ts";
import { assertRecorded, runInOrder, type MigrationEnd } from "./run-plan.ts";
import { StatementFailure } from "./run-statement.ts";
import { settleRun } from "./settle-run.ts";
import type { Limits } from "./transaction.ts";

/** What running a plan by requests needs, besides the plan. */
export interface BatchContext {
  readonly database: BatchDatabase;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly limits: Limits;
  readonly lockWait: LockWait;
  readonly runId: string;
  readonly appliedBy: string;
  readonly isHostedShape: boolean;
  readonly role: string;
}

export interface BatchPlanRun {
  readonly migrations: readonly PlannedMigration[];
  readonly known: ReadonlySet<string>;
  readonly unfinished: ReadonlyMap<Version, RunRecord>;
  /** Right before the first migration: what has changed in the schema since the plan was approved. */
  readonly findDrift: ((reader: Reader) => Promise<string | undefined>) | undefined;
  readonly context: BatchContext;
}

/** Runs the migrations in order, each as one request, and stops at the first that does not succeed. */
export function runBatchPlan(run: BatchPlanRun): Promise<readonly MigrationEnd[]> {
  const { context } = run;
  return runInOrder({
    ...run,
    ...context,
    runOne: (migration, known) =>
      withLockRetries(context.lockWait, async () => {
        const result = await runByRequest(run, migration, known);
        if (result.kind === "applied") await assertRecorded(context, migration);
        return result;
      }),
  });
}

/** Judges the history as it is now, and lets the script run only on that history. */
async function runByRequest(
  run: BatchPlanRun,
  migration: PlannedMigration,
  known: ReadonlySet<string>,
): Promise<MigrationRun> {
  const { context } = run;
  const { clock, database } = context;
  const reader = database.reader({});
  const { rows } = await reader.run(sql`select ${historyMark(migration.version)} as mark`);
  const recorded = await readRecordedNow(reader, migration.version);
  const race = judgeRace(recorded, migration, { known, unfinished: run.unfinished.get(migration.version) });
  if (race !== undefined) return race;
  const fact = run.migrations[0] === migration ? await run.findDrift?.(reader) : undefined;
  if (fact !== undefined) return { kind: "overtaken", fact };
  const script = migrationScript({ ...context, migration, mark: String(rows[0]?.["mark"]) });
  const startedMs = clock.monotonicMs();
  await sendScript(context, migration, script);
  return { kind: "applied", results: [], totalMs: Math.round(clock.monotonicMs() - startedMs) };
}

async function sendScript(
  context: BatchContext,
  migration: PlannedMigration,
  script: BatchScript,
): Promise<void> {
  try {
    await context.database.runScript(script.statements);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    if (!error.connectionLost) throw explainEnd(error, script);
    await settleLost(context, migration, error);
  }
}

async function settleLost(
  { database, clock, runId, appliedBy }: BatchContext,
  { version, name, checksum }: PlannedMigration,
  error: unknown,
): Promise<void> {
  const outcome = await settleRun(database, clock, { version, name, checksum, runId, appliedBy });
  if (outcome === "committed") return;
  if (outcome === "rolled_back") {
    throw new EngineError(
      "connection_lost",
      `The answer to ${version} was lost. It was found out that nothing of it was kept, and that it will not run any more.`,
      { version, hint: "Call apply_migration again with the same arguments." },
      error,
    );
  }
  throw new EngineError(
    "outcome_unknown",
    `The answer to ${version} was lost, and it still runs or the project does not answer.`,
    { version },
    error,
  );
}

function explainEnd(error: DatabaseError, script: BatchScript): Error {
  const { sqlstate } = error.fields;
  if (sqlstate === scriptEnds.held || sqlstate === scriptEnds.changed) return new HistoryIsHeld();
  if (sqlstate === scriptEnds.split) return splitError();
  const statement = findStatement(error, script);
  return statement === undefined ? error : new StatementFailure(statement, error);
}

/** The statement on whose lines the error lies, where the service tells a line. */
function findStatement(
  { fields: { scriptLine } }: DatabaseError,
  { statements, executable, firstOwn }: BatchScript,
): PlannedStatement | undefined {
  if (scriptLine === undefined) return undefined;
  const linesUpTo = (count: number) => scriptText(statements.slice(0, count)).split("\n").length;
  return executable.find(
    (_, index) => scriptLine > linesUpTo(firstOwn + index) && scriptLine <= linesUpTo(firstOwn + index + 1),
  );
}
