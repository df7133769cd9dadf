import * as z from "zod";
import type { CallContext, Engine, VerifySchemaRequest } from "../engine/index.ts";
import { defineTool, projectId, type ToolAnswer } from "./define-tool.ts";
import { reportParts } from "./report-parts.ts";
import { toJunit, toTap } from "./verification-formats.ts";

const input = z.strictObject({
  project_id: projectId,
  file: z.string().exactOptional(),
  write_starter: z.boolean().describe("write a spec from the live schema").exactOptional(),
  cursor: z.string().exactOptional(),
});

const commandInput = input.extend({
  tap: z.boolean().describe("Print the Test Anything Protocol.").exactOptional(),
  junit: z.boolean().describe("Print JUnit's XML.").exactOptional(),
});

type CommandInput = z.output<typeof commandInput>;

/** The database by the project's spec. */
export const verifySchema = defineTool({
  name: "verify_schema",
  title: "Verify schema",
  description:
    "Checks the database by the spec godwit.verify.yaml (pgTAP's names; what roles can and cannot do; advisors; plans). Everything is rolled back. Use after a migration.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input,
  commandInput,
  output: z.object({
    ...reportParts,
    file: z.string(),
    counts: z.object({ passed: z.number(), failed: z.number(), skipped: z.number() }),
    checks: z.array(z.object({ check: z.string(), outcome: z.string(), line: z.number() })).readonly(),
    next_cursor: z.string().exactOptional(),
  }),
  isUnwelcome: ({ counts }) => counts.failed > 0,
  runInstead: (engine, given, context) =>
    given.write_starter !== true && (given.tap === true || given.junit === true)
      ? print(engine, given, context)
      : undefined,
  run: (engine, given, context) => engine.verifySchema(toRequest(given), context),
});

async function print(engine: Engine, given: CommandInput, context: CallContext): Promise<ToolAnswer> {
  const report = await engine.verifySchema(toRequest(given), context);
  const text = given.tap === true ? toTap(report.checks) : toJunit(report.checks);
  return { report, isUnwelcome: report.counts.failed > 0, text };
}

function toRequest({ file, cursor, write_starter: writeStarter }: CommandInput): VerifySchemaRequest {
  return {
    ...(file === undefined ? {} : { file }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(writeStarter === undefined ? {} : { writeStarter }),
  };
}
