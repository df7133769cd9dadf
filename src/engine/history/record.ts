import type { StatementResult } from "../model/history.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { Query } from "../ports.ts";
import { insertEntry, insertHostedEntry } from "./queries.ts";

/** The entry of a migration, in the shape that the table has. */
export function insertEntryOf(
  migration: PlannedMigration,
  run: { readonly isHostedShape: boolean; readonly runId: string; readonly appliedBy: string },
): Query {
  const row = {
    version: migration.version,
    name: migration.name,
    statements: migration.statements.map((statement) => statement.text),
  };
  if (!run.isHostedShape) return insertEntry(row);
  return insertHostedEntry({
    ...row,
    createdBy: run.appliedBy,
    idempotencyKey: `${run.runId}:${migration.version}`,
    rollback: migration.rollbackSql ?? null,
  });
}

/** Statement results as the JSON of `statement_results`. */
export function serializeResults(results: readonly StatementResult[]): string {
  return JSON.stringify(results);
}
