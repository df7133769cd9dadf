import { sql } from "../database/sql.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import { completeRun, insertRun, lockEntryTable, recordedVersions } from "../history/queries.ts";
import { insertEntryOf, serializeResults } from "../history/record.ts";
import type { StatementResult } from "../model/history.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import { takeHistoryLock, withLockRetries } from "./lock.ts";
import { resolveCommit } from "./resolve-commit.ts";
import type { RunContext } from "./run-context.ts";
import { runStatement } from "./run-statement.ts";
import { beginTransaction, commit, rollback, type OpenTransaction } from "./transaction.ts";

/** How one migration ended. Whatever is thrown instead means that nothing of it was kept. */
export type MigrationRun =
  | { readonly kind: "applied"; readonly results: readonly StatementResult[] }
  /** Another writer recorded the version first. */
  | { readonly kind: "already_applied" }
  /** Another writer recorded a newer version meanwhile. */
  | { readonly kind: "overtaken"; readonly by: string };

/**
 * Applies a migration in one transaction with both of its history rows, under the history's lock.
 * Tried again from the beginning while another session is in the way. Throws `StatementFailure`, `EngineError`, `DatabaseError`.
 */
export function runInOneTransaction(
  context: RunContext,
  migration: PlannedMigration,
  known: ReadonlySet<string>,
): Promise<MigrationRun> {
  return withLockRetries(context.lockWait, async () => {
    const transaction = await beginTransaction(
      context.session,
      context.limits,
      context.database.target.engine,
    );
    try {
      const race = await enterHistory(context, migration, known);
      if (race !== undefined) {
        await rollback(context.session);
        return race;
      }
      const results = await runStatements(context, transaction, statementsOf(migration));
      await recordInTransaction(context, migration, results);
      await commitAndResolve(context, transaction, migration);
      return { kind: "applied", results };
    } catch (error) {
      await rollback(context.session);
      throw error;
    }
  });
}

/** Takes the lock, holds off the Supabase CLI, and looks again at what is recorded now that nobody else can write. */
export async function enterHistory(
  context: RunContext,
  migration: PlannedMigration,
  known: ReadonlySet<string>,
): Promise<MigrationRun | undefined> {
  await takeHistoryLock(context.session, context.lockWait, "transaction");
  await context.session.run(lockEntryTable);
  const { rows } = await context.session.run(recordedVersions);
  const recorded = rows.map((row) => String(row["version"]));
  if (recorded.includes(migration.version)) return { kind: "already_applied" };
  const newer = recorded.find((version) => version > migration.version && !known.has(version));
  return newer === undefined ? undefined : { kind: "overtaken", by: newer };
}

/** Runs statements in the open transaction, and tells of each. */
export async function runStatements(
  context: RunContext,
  transaction: OpenTransaction,
  statements: readonly PlannedStatement[],
): Promise<readonly StatementResult[]> {
  const results: StatementResult[] = [];
  for (const statement of statements) {
    if (statement.isExecutable) results.push(await runStatement(context, transaction.pid, statement));
  }
  return results;
}

/** Leaves the migration's role and settings behind, makes deferred checks speak now, and writes both rows. */
async function recordInTransaction(
  context: RunContext,
  migration: PlannedMigration,
  results: readonly StatementResult[],
): Promise<void> {
  await leaveMigrationState(context);
  const { rows } = await context.session.run(
    insertRun({
      kind: "migration",
      version: migration.version,
      name: migration.name,
      checksum: migration.checksum,
      runId: context.runId,
      appliedBy: context.appliedBy,
      rollbackSql: migration.rollbackSql ?? null,
    }),
  );
  await finishRecords(context, migration, Number(rows[0]?.["id"]), results);
}

/** A migration that sets a role or settings must not decide how its rows are written or what the next user of the connection meets. */
export async function leaveMigrationState(context: RunContext): Promise<void> {
  await context.session.run(sql`set constraints all immediate`);
  await context.session.run(sql`reset role`);
  await context.session.run(sql`reset all`);
}

/** Completes our row and adds the entry that the Supabase CLI reads. */
export async function finishRecords(
  context: RunContext,
  migration: PlannedMigration,
  rowId: number,
  results: readonly StatementResult[],
): Promise<void> {
  const sum = (pick: (result: StatementResult) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  await context.session.run(
    completeRun({
      id: rowId,
      rowsAffected: sum((result) => result.rowsAffected),
      durationMs: sum((result) => result.durationMs),
      statementResults: serializeResults(results),
    }),
  );
  await context.session.run(insertEntryOf(migration, context));
}

/** Commits; where the answer is lost, finds out what became of it. Throws `outcome_unknown` where the server cannot tell. */
export async function commitAndResolve(
  context: RunContext,
  transaction: OpenTransaction,
  migration: PlannedMigration,
): Promise<void> {
  try {
    await commit(context.session);
  } catch (error) {
    if (!(error instanceof DatabaseError) || !error.connectionLost) throw error;
    const { version } = migration;
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

function statementsOf(migration: PlannedMigration): readonly PlannedStatement[] {
  return migration.steps.flatMap((step) =>
    step.kind === "transaction" ? step.statements : [step.statement],
  );
}
