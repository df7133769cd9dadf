import * as z from "zod";
import type { CallContext, CompareDatabasesRequest, DetectDriftRequest, Engine } from "../engine/index.ts";
import { defineTool, projectId, type ToolAnswer } from "./define-tool.ts";
import { findings, hasErrorFinding, reportParts } from "./report-parts.ts";

const input = z.strictObject({
  project_id: projectId,
  schema: z.boolean().describe("false: not the live schema").exactOptional(),
  cursor: z.string().exactOptional(),
});

const commandInput = input.extend({
  no_schema: z.boolean().describe("Leave the live schema out.").exactOptional(),
  renames: z
    .array(z.string())
    .describe("Whether objects were renamed: public.old=public.new, or public.old!=public.new.")
    .exactOptional(),
  against_url: z
    .string()
    .describe("Compare the target's schema with that of this Postgres address instead.")
    .exactOptional(),
});

/** Where files, history and live schema differ; as a command also where the schemas of two databases do. */
export const detectDrift = defineTool({
  name: "detect_drift",
  title: "Detect drift",
  description:
    "Compares migration files with the database history and the SQL recorded there, and the live schema with what applied files produce; says what each difference is and how to fix it. Pending is not drift. Changes nothing. Use before applying.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input,
  commandInput,
  output: z.object({
    ...reportParts,
    has_drift: z.boolean(),
    drift: z.array(z.object({ layer: z.string(), kind: z.string() })).readonly(),
    findings,
    next_cursor: z.string().exactOptional(),
  }),
  isUnwelcome: (report) => report.has_drift || hasErrorFinding(report.findings),
  runInstead: (engine, { against_url: againstUrl, renames }, context) =>
    againstUrl === undefined
      ? undefined
      : compare(engine, { againstUrl, ...(renames === undefined ? {} : { renames }) }, context),
  run: (engine, given, context) => engine.detectDrift(toRequest(given), context),
});

function toRequest(given: z.output<typeof input> | z.output<typeof commandInput>): DetectDriftRequest {
  const { project_id: _, ...rest } = given;
  if (!("no_schema" in rest)) return rest;
  const { no_schema: isLeftOut, against_url: _url, ...request } = rest;
  return isLeftOut ? { ...request, schema: false } : request;
}

async function compare(
  engine: Engine,
  request: CompareDatabasesRequest,
  context: CallContext,
): Promise<ToolAnswer> {
  const report = await engine.compareDatabases(request, context);
  return { report, isUnwelcome: report.has_drift };
}
