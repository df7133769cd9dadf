import * as z from "zod";
import type { CallContext, Engine } from "../engine/index.ts";
import { defineTool, projectId, type ToolAnswer } from "./define-tool.ts";
import { findings, hasErrorFinding, reportParts } from "./report-parts.ts";

const input = z.strictObject({
  project_id: projectId,
  schema: z.boolean().describe("also compare the live schema").exactOptional(),
  cursor: z.string().exactOptional(),
});

const commandInput = input.extend({
  against_url: z
    .string()
    .describe("Compare the target's schema with that of this Postgres address instead.")
    .exactOptional(),
});

/** Where files and history differ; as a command also where the schemas of two databases do. */
export const detectDrift = defineTool({
  name: "detect_drift",
  title: "Detect drift",
  description:
    "Compares migration files with the database history and the SQL recorded there; says for each difference what it is and how to fix it. Pending is not drift. Changes nothing. Use before applying, or when versions do not match.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input,
  commandInput,
  output: z.object({
    ...reportParts,
    has_drift: z.boolean(),
    drift: z.array(z.object({ kind: z.string(), version: z.string(), fix: z.string() })).readonly(),
    findings,
    next_cursor: z.string().exactOptional(),
  }),
  isUnwelcome: (report) => report.has_drift || hasErrorFinding(report.findings),
  runInstead: (engine, { against_url: againstUrl }, context) =>
    againstUrl === undefined ? undefined : compare(engine, againstUrl, context),
  run: (engine, { cursor, schema }, context) =>
    engine.detectDrift(
      { ...(cursor === undefined ? {} : { cursor }), ...(schema === undefined ? {} : { schema }) },
      context,
    ),
});

async function compare(engine: Engine, againstUrl: string, context: CallContext): Promise<ToolAnswer> {
  const report = await engine.compareDatabases({ againstUrl }, context);
  return { report, isUnwelcome: report.has_drift };
}
