import { sql } from "../database/sql.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { RunContext } from "./run-context.ts";
import { runStatements } from "./run-migration.ts";
import { isStepwise, toEnd, type MigrationEnd } from "./run-plan.ts";
import { beginTransaction, rollback } from "./transaction.ts";

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
  const transaction = await beginTransaction(session, limits, database.target.engine);
  const ends: RehearsalEnd[] = [];
  try {
    for (const migration of migrations) {
      if (isStepwise(migration)) break;
      const statements = migration.steps.flatMap((step) =>
        step.kind === "transaction" ? step.statements : [],
      );
      const results = await runStatements(context, transaction, statements);
      await session.run(sql`set constraints all immediate`);
      ends.push({ kind: "applied", results });
    }
  } catch (error) {
    ends.push(toEnd(error));
  } finally {
    await rollback(session);
  }
  return migrations.map((_, index) => ends[index] ?? { kind: "not_run" });
}
