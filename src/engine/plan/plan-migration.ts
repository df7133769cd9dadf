import { asksToKeepData } from "../files/header.ts";
import type { RunRecord } from "../model/history.ts";
import type { PlannedMigration } from "../model/plan.ts";
import { transactionMode } from "../sql/split.ts";
import { readAside } from "./read-aside.ts";
import type { MigrationSource } from "./read-statements.ts";
import { countDone, toSteps } from "./steps.ts";
import { refuseBothWays } from "./unplannable.ts";

/**
 * Turns a migration's SQL into steps: one transaction, or, where a statement cannot run in one, transactions with that
 * statement alone between them. An unfinished run of the same statements is gone on with.
 * Throws `syntax_error`, `unsupported_sql`, `sql_too_large`, `transaction_control_refused`, `not_applicable`.
 */
export async function planMigration(
  source: MigrationSource,
  unfinished: RunRecord | undefined,
): Promise<PlannedMigration> {
  refuseBothWays(source);
  const read = await readAside(source);
  const toRun = read.filter(({ statement }) => statement.isExecutable);
  const doneCount = countDone(source.fileName, toRun, unfinished);
  const keeping = asksToKeepData(source.sql) ? { keepsData: true } : {};
  const statements = read.map(({ statement }) => statement);
  return { ...source, ...keeping, statements, ...toSteps(toRun, transactionMode(source.sql), doneCount) };
}
