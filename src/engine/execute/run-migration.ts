import { sendTogether } from "../database/send-together.ts";
import { sql } from "../database/sql.ts";
import { countDoomed } from "../effects/destroyed.ts";
import { mergeRows, rowsAffectedBy, startRowMeter } from "../effects/row-counters.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import { completeRun, insertRun, lockEntryTable } from "../history/queries.ts";
import { readRecordedNow, type RecordedNow } from "../history/read-history.ts";
import { insertEntryOf, serializeResults } from "../history/record.ts";
import { noteRollback } from "../history/rollback-queries.ts";
import type { TableRows } from "../model/effects.ts";
import type { RunRecord, StatementResult } from "../model/history.ts";
import type { Rollback } from "../model/rollback.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import type { Session } from "../ports.ts";
import { findDoomedTables } from "../sql/doomed-tables.ts";
import { sqlFingerprint } from "../sql/token-stream.ts";
import { HistoryIsHeld, tryHistoryLock, withLockRetries } from "./lock.ts";
import { resolveCommit } from "./resolve-commit.ts";
import type { RunContext } from "./run-context.ts";
import { runStatement } from "./run-statement.ts";
import { beginTransaction, commit, leaveSettings, rollback, type OpenTransaction } from "./transaction.ts";

/** How one migration ended. Whatever is thrown instead means that nothing of it was kept. */
export type MigrationRun =
  | {
      readonly kind: "applied";
      readonly results: readonly StatementResult[];
      readonly rollback?: Rollback;
      readonly totalMs?: number;
    }
  /** Another writer recorded the version first. */
  | { readonly kind: "already_applied" }
  /** Another writer changed the history meanwhile so that the plan no longer holds; the fact is a sentence. */
  | { readonly kind: "overtaken"; readonly fact: string };

/** What the history said when the migration was planned. */
export interface Expected {
  readonly known: ReadonlySet<string>;
  /** The run of this version that was begun and not finished. */
  readonly unfinished: RunRecord | undefined;
  /** What has changed in the schema since the plan was approved, as a sentence; undefined for nothing. */
  readonly findDrift: ((session: Session) => Promise<string | undefined>) | undefined;
}

/**
 * Applies a migration in one transaction with both of its history rows, under the history's lock.
 * Tried again from the beginning while another session is in the way. Throws `StatementFailure`, `EngineError`, `DatabaseError`.
 */
export function runInOneTransaction(
  context: RunContext,
  migration: PlannedMigration,
  expected: Expected,
): Promise<MigrationRun> {
  return withLockRetries(context.lockWait, async () => {
    const transaction = await beginTransaction(
      context.session,
      context.limits,
      context.database.target.engine,
    );
    try {
      const race = await enterHistory({ ...context, transaction }, migration, expected);
      if (race !== undefined) {
        await rollback(context.session);
        return race;
      }
      const findUndo = await context.undo?.begin(context.session, migration);
      const part = { ...migration, statements: statementsOf(migration) };
      const results = await runStatements(context, transaction, part);
      await context.gate?.(context.session);
      const undo = await findUndo?.(changedTables(results));
      await recordInTransaction(context, withWayBack(migration, undo), { results, rollback: undo });
      await commitAndResolve(context, transaction, migration);
      return { kind: "applied", results, ...(undo === undefined ? {} : { rollback: undo }) };
    } catch (error) {
      await rollback(context.session);
      throw error;
    }
  });
}

/** Takes the lock, holds off the Supabase CLI, and looks again at what is recorded now that nobody else can write. */
export async function enterHistory(
  context: RunContext & { readonly transaction: OpenTransaction },
  migration: PlannedMigration,
  expected: Expected,
): Promise<MigrationRun | undefined> {
  const { session, blockers, transaction } = context;
  if (!(await tryHistoryLock(session, "transaction"))) return lookWhileHeld(context, migration, expected);
  await blockers.watch(transaction.pid, () => session.run(lockEntryTable));
  const race = judgeRace(await readRecordedNow(session, migration.version), migration, expected);
  if (race !== undefined) return race;
  const fact = await expected.findDrift?.(session);
  return fact === undefined ? undefined : { kind: "overtaken", fact };
}

/** What is recorded already needs no lock to be seen. Throws `HistoryIsHeld` where this migration has to wait. */
export async function lookWhileHeld(
  { session }: RunContext,
  migration: PlannedMigration,
  expected: Expected,
): Promise<MigrationRun | undefined> {
  const recorded = await readRecordedNow(session, migration.version);
  if (recorded.entry === null) throw new HistoryIsHeld();
  return judgeRace(recorded, migration, expected);
}

/** What others have recorded since the plan was made, as far as it keeps this migration from running. */
export function judgeRace(
  recorded: RecordedNow,
  { version, sql: text }: PlannedMigration,
  { known, unfinished }: Pick<Expected, "known" | "unfinished">,
): MigrationRun | undefined {
  const { entry, run, versions } = recorded;
  if (entry !== null) {
    const statements = entry.statements?.filter((statement) => statement !== null) ?? [];
    const isOurs = statements.length === 0 || sqlFingerprint(statements) === sqlFingerprint(text);
    if (isOurs) return { kind: "already_applied" };
    return { kind: "overtaken", fact: `Another writer recorded ${version} meanwhile with other SQL.` };
  }
  const isRunKnown = run === null || run.status === "completed" || run.id === unfinished?.id;
  const results = run === null || run.status === "completed" ? 0 : run.results;
  if (results !== (unfinished?.statementResults.length ?? 0) || (results > 0 && !isRunKnown)) {
    return {
      kind: "overtaken",
      fact: `Another writer went on with ${version} meanwhile and did not finish it.`,
    };
  }
  const newer = versions.find((other) => other > version && !known.has(other));
  if (newer === undefined) return undefined;
  const fact = `Another writer recorded ${newer} meanwhile, which is newer than this migration.`;
  return { kind: "overtaken", fact };
}

/** Statements that run in one transaction, and the file that they are of. */
export type MigrationPart = Pick<PlannedMigration, "fileName" | "statements">;

/**
 * Runs statements in the open transaction with the checks that they defer, and tells of each; the last one tells which rows all of
 * them changed. Throws `StatementFailure`, `UnconfirmedEffects`.
 */
export async function runStatements(
  context: RunContext,
  transaction: OpenTransaction,
  part: MigrationPart,
): Promise<readonly StatementResult[]> {
  const { session } = context;
  const { statements } = part;
  const [watch, meter] = await sendTogether(
    context.guard?.begin(session) ?? Promise.resolve(undefined),
    startRowMeter(session),
  );
  const tables: TableRows[] = [];
  const results: StatementResult[] = [];
  for (const statement of statements.filter(({ isExecutable }) => isExecutable)) {
    const doomed = await findDoomedTables(statement.text);
    if (doomed !== undefined && meter !== undefined) {
      // TRUNCATE sets the counters back, and a dropped table has none.
      tables.push(...(await meter()), ...(await countDoomed(session, doomed)));
    }
    const run = () => runStatement(context, transaction.pid, statement);
    results.push(await (watch === undefined ? run() : watch.around(statement, run)));
    // Rows that come after a TRUNCATE are counted from nothing again.
    if (doomed !== undefined && meter !== undefined) tables.push(...(await meter()));
  }
  const [, , rest] = await sendTogether(
    session.run(sql`set constraints all immediate`),
    watch?.settle(part.fileName) ?? Promise.resolve(),
    meter?.() ?? Promise.resolve(undefined),
  );
  if (rest === undefined) return results;
  tables.push(...rest);
  return withTables(results, mergeRows(tables));
}

function withTables(
  results: readonly StatementResult[],
  tables: readonly TableRows[],
): readonly StatementResult[] {
  return results.map((result, index) => (index === results.length - 1 ? { ...result, tables } : result));
}

/** What a migration that ran is recorded with. */
interface Outcome {
  readonly results: readonly StatementResult[];
  readonly rollback: Rollback | undefined;
}

/** Rows that all statements of a migration changed. */
export function changedTables(results: readonly StatementResult[]): readonly TableRows[] {
  return results.flatMap(({ tables }) => tables ?? []);
}

/** The migration with the way back that was found for it, where one was. */
export function withWayBack(migration: PlannedMigration, rollback: Rollback | undefined): PlannedMigration {
  return rollback?.sql === undefined ? migration : { ...migration, rollbackSql: rollback.sql || undefined };
}

/** Leaves the migration's role and settings behind, and writes both rows. */
async function recordInTransaction(
  context: RunContext,
  migration: PlannedMigration,
  outcome: Outcome,
): Promise<void> {
  const [, { rows }] = await sendTogether(
    leaveMigrationState(context),
    context.session.run(
      insertRun({
        kind: "migration",
        version: migration.version,
        name: migration.name,
        checksum: migration.checksum,
        runId: context.runId,
        appliedBy: context.appliedBy,
        rollbackSql: migration.rollbackSql ?? null,
      }),
    ),
  );
  await finishRecords(context, migration, { ...outcome, rowId: Number(rows[0]?.["id"]) });
}

/** A migration that sets a role or settings must not decide how its rows are written or what the next user of the connection meets. */
export async function leaveMigrationState(context: RunContext): Promise<void> {
  await leaveSettings(context.session, context.database.target.engine);
}

/** Completes our row and adds the entry that the Supabase CLI reads. */
export async function finishRecords(
  context: RunContext,
  migration: PlannedMigration,
  { rowId, results, rollback }: Outcome & { readonly rowId: number },
): Promise<void> {
  const { session } = context;
  const completed = session.run(
    completeRun({
      id: rowId,
      rowsAffected: rowsAffectedBy(results),
      durationMs: results.reduce((total, { durationMs }) => total + durationMs, 0),
      statementResults: serializeResults(results),
    }),
  );
  const noted = rollback === undefined ? [] : [session.run(noteRollback(rowId, rollback))];
  await sendTogether(completed, ...noted, session.run(insertEntryOf(migration, context)));
}

/** Commits; where the answer is lost, finds out what became of it. Throws `outcome_unknown` where the server cannot tell. */
export async function commitAndResolve(
  context: RunContext,
  transaction: OpenTransaction,
  { version }: Pick<PlannedMigration, "version">,
): Promise<void> {
  try {
    await commit(context.session);
  } catch (error) {
    if (!(error instanceof DatabaseError) || !error.connectionLost) throw error;
    const lost = { transaction, recorded: { version, runId: context.runId } };
    const outcome = await resolveCommit(context.database, context.clock, lost);
    if (outcome === "rolled_back") throw error;
    if (outcome === "unknown") {
      throw new EngineError(
        "outcome_unknown",
        `The connection broke while ${version} was committed, and the database did not answer since.`,
        { version },
        error,
      );
    }
  }
}

/** The statements that applying a migration sends, in order. */
export function statementsOf(migration: PlannedMigration): readonly PlannedStatement[] {
  return migration.steps.flatMap((step) =>
    step.kind === "transaction" ? step.statements : [step.statement],
  );
}
