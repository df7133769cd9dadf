import { expect } from "vitest";
import type { Engine } from "../../src/engine/index.ts";

/** Rolls back the newest migration as somebody who says yes to what is asked. */
export async function rollBack(engine: Engine): Promise<void> {
  const asked = await engine.rollbackMigration({}, {});
  const report =
    asked.status === "confirmation_required" && asked.plan_id !== undefined
      ? await engine.rollbackMigration({ confirm: asked.plan_id }, {})
      : asked;
  expect(report.status).toBe("rolled_back");
}
