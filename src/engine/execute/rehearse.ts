import { sql } from "../database/sql.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { RunContext } from "./run-context.ts";
import { runStatements } from "./run-migration.ts";
import { isStepwise, toEnd, type MigrationEnd } from "./run-plan.ts";
import { beginTransaction, leaveSettings, limitTransaction, rollback } from "./transaction.ts";

/** A rehearsed migration ends like an applied one; `not_run` where it, or one before it, cannot be rehearsed. */
export type RehearsalEnd = MigrationEnd;

/**
 * Runs the migrations one after the other in a transaction that is rolled back. It stops before the first that holds a
 * statement which cannot run in a transaction, and at the first that fails. Takes the locks that applying would take.
 */
export async function rehearse(
  context: RunContext,
  migrations: readonly PlannedMigration[],
): Promise<readonly RehearsalEnd[]> {
  const { session, limits, database } = context;
  const { engine } = database.target;
  const ends: RehearsalEnd[] = [];
  try {
    const transaction = await beginTransaction(session, limits, engine);
    for (const migration of migrations) {
      if (isStepwise(migration)) break;
      const statements = migration.steps.flatMap((step) =>
        step.kind === "transaction" ? step.statements : [],
      );
      const results = await runStatements(context, transaction, statements);
      await session.run(sql`set constraints all immediate`);
      ends.push({ kind: "applied", results });
      await enterNext(context);
    }
  } catch (error) {
    const end = toEnd(error);
    ends.push(end.kind === "failed" ? { ...end, keepsSteps: false } : end);
  } finally {
    await rollback(session);
  }
  return migrations.map((_, index) => ends[index] ?? { kind: "not_run" });
}

/** The next migration meets the transaction as if it were its own: with the limits, and with neither role nor settings of the last. */
async function enterNext({ session, limits, database }: RunContext): Promise<void> {
  const { engine } = database.target;
  await session.run(sql`set constraints all deferred`);
  await leaveSettings(session, engine);
  await limitTransaction(session, limits, engine);
}
