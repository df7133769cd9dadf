import { EngineError } from "../../errors.ts";
import type { PlannedMigration } from "../../model/plan.ts";
import { planMigration } from "../plan-migration.ts";

/** SQL that undoes a migration, as statements for one transaction, or why it cannot be one. */
export type PlannedUndo =
  | { readonly kind: "planned"; readonly migration: PlannedMigration }
  | { readonly kind: "refused"; readonly reason: string };

/** Plans the SQL that undoes a migration like a migration's own. */
export async function planUndoSql(
  migration: Pick<PlannedMigration, "version" | "name" | "fileName" | "checksum">,
  sql: string,
): Promise<PlannedUndo> {
  const { version, name, fileName, checksum } = migration;
  try {
    const source = {
      version,
      name,
      fileName: `rollback of ${fileName}`,
      checksum,
      sql,
      rollbackSql: undefined,
    };
    const planned = await planMigration(source, undefined);
    const isOneTransaction =
      planned.steps.length <= 1 && planned.steps.every(({ kind }) => kind === "transaction");
    if (isOneTransaction) return { kind: "planned", migration: planned };
    return { kind: "refused", reason: "It holds a statement that cannot run in a transaction." };
  } catch (error) {
    if (error instanceof EngineError) return { kind: "refused", reason: error.message };
    throw error;
  }
}
