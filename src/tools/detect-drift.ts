import * as z from "zod";
import { defineTool, projectId } from "./define-tool.ts";
import { findings, hasErrorFinding, reportParts } from "./report-parts.ts";

/** Where files and history differ. */
export const detectDrift = defineTool({
  name: "detect_drift",
  title: "Detect drift",
  description:
    "Compares migration files with the database history and the SQL recorded there; says for each difference what it is and how to fix it. Pending is not drift. Changes nothing. Use before applying, or when versions do not match.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ project_id: projectId, cursor: z.string().exactOptional() }),
  output: z.object({
    ...reportParts,
    has_drift: z.boolean(),
    drift: z.array(z.object({ kind: z.string(), version: z.string(), fix: z.string() })).readonly(),
    findings,
    next_cursor: z.string().exactOptional(),
  }),
  isUnwelcome: (report) => report.has_drift || hasErrorFinding(report.findings),
  run: (engine, { cursor }, context) => engine.detectDrift(cursor === undefined ? {} : { cursor }, context),
});
