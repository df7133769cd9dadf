import { applyMigration } from "./apply-migration.ts";
import { checkMigrations } from "./check-migrations.ts";
import { createBaseline } from "./create-baseline.ts";
import { createMigration } from "./create-migration.ts";
import type { Tool } from "./define-tool.ts";
import { describeSchema } from "./describe-schema.ts";
import { detectDrift } from "./detect-drift.ts";
import { executeSql } from "./execute-sql.ts";
import { generateTypes } from "./generate-types.ts";
import { verifySchema } from "./verify-schema.ts";
import { listMigrations } from "./list-migrations.ts";
import { reconcileHistory } from "./reconcile-history.ts";
import { rollbackMigration } from "./rollback-migration.ts";
import { runPhase } from "./run-phase.ts";

export { toCommandJsonSchema, toToolSchemas, type Targets } from "./json-schema.ts";
export type { ObjectSchema } from "./tool-schemas.ts";
export type { Tool, ToolAnswer } from "./define-tool.ts";

/** Every tool, in the order in which clients see them. */
export const tools: readonly Tool[] = [
  listMigrations,
  detectDrift,
  createMigration,
  applyMigration,
  executeSql,
  checkMigrations,
  reconcileHistory,
  createBaseline,
  rollbackMigration,
  runPhase,
  verifySchema,
  describeSchema,
  generateTypes,
];
