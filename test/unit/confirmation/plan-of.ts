import type { PlannedMigration } from "../../../src/engine/model/plan.ts";
import type { Version } from "../../../src/engine/model/version.ts";
import { sourceOfSql } from "../../../src/engine/plan/migration-source.ts";
import { planMigration } from "../../../src/engine/plan/plan-migration.ts";

/** The plan of one text as a migration. */
export function planOf(sql: string): Promise<PlannedMigration> {
  return planMigration(sourceOfSql(sql, "given", "20260101000000" as Version), undefined);
}
