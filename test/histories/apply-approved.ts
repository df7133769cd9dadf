import type { ApplyMigrationReport, Engine } from "../../src/engine/index.ts";

/**
 * Applies as somebody does who reads every question and says yes: to the plan, and to what was measured before a COMMIT.
 * The answer holds the migrations of all calls.
 */
export async function applyApproved(
  engine: Engine,
  request: { readonly file?: string },
): Promise<ApplyMigrationReport> {
  let report = await engine.applyMigration(request, {});
  let applied = report.migrations.filter(({ outcome }) => outcome === "applied");
  for (let asked = 0; report.status === "confirmation_required" && asked < 9; asked += 1) {
    report = await engine.applyMigration({ ...request, confirm: report.plan_id ?? "" }, {});
    applied = [...applied, ...report.migrations.filter(({ outcome }) => outcome === "applied")];
  }
  const others = report.migrations.filter(({ outcome }) => outcome !== "applied");
  return { ...report, migrations: [...applied, ...others] };
}
