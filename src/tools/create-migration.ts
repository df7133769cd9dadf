import * as z from "zod";
import { templateNames } from "../engine/index.ts";
import { defineTool, projectId } from "./define-tool.ts";
import { findings, hasErrorFinding, reportParts } from "./report-parts.ts";

/** A new file, from SQL, a template or the drift just found. */
export const createMigration = defineTool({
  name: "create_migration",
  title: "Create migration",
  description:
    "Writes a new migration file <version>_<name>.sql from SQL, a template or drift; the database is not touched. Next: apply_migration.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    project_id: projectId,
    name: z.string().describe("snake_case"),
    query: z.string().describe("SQL; instead of template").exactOptional(),
    template: z.enum(templateNames).exactOptional(),
    from_drift: z.enum(["live_to_files", "files_to_live"]).exactOptional(),
    renames: z.array(z.string()).exactOptional(),
    subject: z.string().describe("table or table.column of the template").exactOptional(),
    purpose: z.string().exactOptional(),
  }),
  positional: "name",
  output: z.object({
    ...reportParts,
    version: z.string(),
    file: z.string(),
    checksum: z.string(),
    sql: z.string().exactOptional(),
    findings: findings.exactOptional(),
  }),
  isUnwelcome: (report) => hasErrorFinding(report.findings),
  run: (engine, { project_id: _, from_drift: fromDrift, ...request }, context) =>
    engine.createMigration({ ...request, ...(fromDrift === undefined ? {} : { fromDrift }) }, context),
});
