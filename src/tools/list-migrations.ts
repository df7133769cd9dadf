import * as z from "zod";
import { defineTool, projectId } from "./define-tool.ts";
import { findings, hasErrorFinding, reportParts } from "./report-parts.ts";

const input = z.strictObject({
  project_id: projectId,
  limit: z.int().min(1).max(500).exactOptional(),
  cursor: z.string().exactOptional(),
  archived: z.boolean().exactOptional(),
});

const commandInput = input.extend({
  limit: z.union([z.int().min(1).max(500), z.literal("all")]).exactOptional(),
  archived: z.boolean().describe("Also list the files in archive/.").exactOptional(),
});

/** Files and history side by side. */
export const listMigrations = defineTool({
  name: "list_migrations",
  title: "List migrations",
  description:
    "Lists migration files and history side by side, each with its state: applied, pending, edited, … Changes nothing; start here. Then apply_migration or detect_drift.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input,
  commandInput,
  output: z.object({
    ...reportParts,
    migrations: z.array(z.object({ version: z.string(), name: z.string(), state: z.string() })).readonly(),
    findings,
    next_cursor: z.string().exactOptional(),
  }),
  isUnwelcome: (report) => hasErrorFinding(report.findings),
  run: (engine, { project_id: _, ...request }, context) => engine.listMigrations(request, context),
});
