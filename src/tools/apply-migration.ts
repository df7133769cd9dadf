import * as z from "zod";
import { defineTool, otherTarget, projectId } from "./define-tool.ts";
import { reportParts } from "./report-parts.ts";

/** Files, or given SQL, into the database and its history. */
export const applyMigration = defineTool({
  name: "apply_migration",
  title: "Apply migration",
  description:
    "Changes the schema. With name and query (DDL): writes the file, then runs it and records it in one transaction. With version or file: applies that file. With none: applies all pending files. dry_run rehearses, rolls back and answers a plan_id; pass it as confirm to apply exactly that. Then list_migrations.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    project_id: projectId,
    name: z.string().describe("snake_case").exactOptional(),
    query: z.string().exactOptional(),
    version: z.string().describe("14 digits; chosen for you").exactOptional(),
    file: z.string().exactOptional(),
    dry_run: z.boolean().exactOptional(),
    rehearse_on: z.enum(["target", "copy"]).describe("copy: no locks, no rows").exactOptional(),
    confirm: z.string().describe("plan_id").exactOptional(),
    promote_from: otherTarget.describe("a target"),
  }),
  output: z.object({
    ...reportParts,
    status: z.string(),
    plan_id: z.string().exactOptional(),
    migrations: z.array(z.object({ version: z.string(), file: z.string(), outcome: z.string() })).readonly(),
    failure: z.object({ code: z.string(), message: z.string(), hint: z.string() }).exactOptional(),
  }),
  isUnwelcome: (report) => ["failed", "in_doubt", "confirmation_required"].includes(report.status),
  run: (engine, given, context) => {
    const {
      project_id: _,
      dry_run: dryRun,
      rehearse_on: rehearseOn,
      promote_from: promoteFrom,
      ...request
    } = given;
    return engine.applyMigration(
      {
        ...request,
        ...(dryRun === undefined ? {} : { dryRun }),
        ...(rehearseOn === undefined ? {} : { rehearseOn }),
        ...(promoteFrom === undefined ? {} : { promoteFrom }),
      },
      context,
    );
  },
});
