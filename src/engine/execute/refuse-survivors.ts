import { findOutsideEffect } from "../effects/find-outside-effects.ts";
import { EngineError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { PlannedMigration } from "../model/plan.ts";
import { parseStatements } from "../sql/parse.ts";

/** Throws `survives_rollback` where a statement does what a rollback does not take back, itself or through a function or trigger. */
export async function assertInside(migrations: readonly PlannedMigration[], catalog: Catalog): Promise<void> {
  for (const { sql, fileName, version } of migrations) {
    const parsed = await parseStatements(sql);
    const effect = parsed.kind === "parsed" ? findOutsideEffect(parsed.statements, catalog) : undefined;
    if (effect === undefined) continue;
    const { line, column } = effect.statement;
    throw new EngineError(
      "survives_rollback",
      `${fileName} was not rehearsed: its statement at line ${line} ${effect.what}, which a rollback does not take back.`,
      { file: fileName, version, line, column },
    );
  }
}
