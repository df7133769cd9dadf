import { isOpaque } from "../execute/watch-effects.ts";
import type { Loss } from "../model/loss.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";

/** Commands that change rows which a condition chooses. */
const choosing = new Set(["UPDATE", "DELETE", "MERGE"]);

/**
 * Statements whose effect on rows is neither in their text nor read from the target, as losses: in a session they are measured before
 * COMMIT, a request is committed by its answer. Files by bare name.
 */
export function findUnwatched(migrations: readonly PlannedMigration[]): readonly Loss[] {
  return migrations.flatMap(({ fileName, statements }) =>
    statements.filter(isUnwatched).map(({ command, line }) => ({
      kind: "statement",
      name: command,
      change: "overwritten",
      cannotComeBack:
        "whatever rows it changes: through the Management API nobody can count them before they are kept",
      file: fileName,
      line,
    })),
  );
}

function isUnwatched(statement: PlannedStatement): boolean {
  if (!statement.isExecutable) return false;
  const isChoosing = choosing.has(statement.command) && statement.fillsNewColumns === undefined;
  return isOpaque(statement) || (isChoosing && statement.destroys.length === 0);
}
