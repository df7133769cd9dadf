import * as z from "zod";
import { EngineError, type CallContext, type DetectDriftRequest, type Engine } from "../engine/index.ts";
import { defineTool, otherTarget, projectId, type ToolAnswer } from "./define-tool.ts";
import { findings, hasErrorFinding, reportParts } from "./report-parts.ts";

const input = z.strictObject({
  project_id: projectId,
  schema: z.boolean().describe("false: not the live schema").exactOptional(),
  cursor: z.string().exactOptional(),
  against: otherTarget.describe("a target"),
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

/** Where files, history and live schema differ, or the live schemas of two targets. */
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
  runInstead: (engine, { against, against_url: url, renames }, context) =>
    url === undefined ? undefined : compareWithUrl(engine, { url, against, renames }, context),
  run: async (engine, given, context) => {
    const { against, cursor } = given;
    if (against === undefined) return engine.detectDrift(toRequest(given), context);
    const request = { against: { label: against }, ...(cursor === undefined ? {} : { cursor }) };
    const report = await engine.compareDatabases({ ...request, ...renamesIn(given) }, context);
    return { ...report, findings: [] };
  },
});

type Given = z.output<typeof input> | z.output<typeof commandInput>;

function renamesIn(given: Given): Pick<DetectDriftRequest, "renames"> {
  return "renames" in given && given.renames !== undefined ? { renames: given.renames } : {};
}

function toRequest(given: Given): DetectDriftRequest {
  const { project_id: _, against: __, ...rest } = given;
  if (!("no_schema" in rest)) return rest;
  const { no_schema: isLeftOut, against_url: _url, ...request } = rest;
  return isLeftOut ? { ...request, schema: false } : request;
}

async function compareWithUrl(
  engine: Engine,
  {
    url,
    against,
    renames,
  }: {
    readonly url: string;
    readonly against: string | undefined;
    readonly renames: readonly string[] | undefined;
  },
  context: CallContext,
): Promise<ToolAnswer> {
  if (against !== undefined)
    throw new EngineError("arguments_conflict", "--against and --against-url exclude each other.");
  const request = { against: { url }, ...(renames === undefined ? {} : { renames }) };
  const report = await engine.compareDatabases(request, context);
  return { report, isUnwelcome: report.has_drift };
}
