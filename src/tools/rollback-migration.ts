import * as z from "zod";
import { defineTool, projectId } from "./define-tool.ts";
import { reportParts } from "./report-parts.ts";

/** The newest applied migrations undone, while their window is open. */
export const rollbackMigration = defineTool({
  name: "rollback_migration",
  title: "Rollback migration",
  description:
    "Undoes the newest applied migration (or count, or one version) within 48 hours, all or nothing; the file becomes pending. dry_run shows SQL, losses and a plan_id.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    project_id: projectId,
    count: z.int().min(1).max(50).exactOptional(),
    version: z.string().exactOptional(),
    dry_run: z.boolean().exactOptional(),
    confirm: z.string().describe("plan_id").exactOptional(),
  }),
  output: z.object({
    ...reportParts,
    status: z.string(),
    plan_id: z.string().exactOptional(),
    migrations: z.array(z.object({ version: z.string(), rollback: z.string() })).readonly(),
  }),
  isUnwelcome: (report) => ["confirmation_required", "window_closed"].includes(report.status),
  run: (engine, { project_id: _, dry_run: dryRun, ...request }, context) =>
    engine.rollbackMigration({ ...request, ...(dryRun === undefined ? {} : { dryRun }) }, context),
});
