import * as z from "zod";
import type { CallContext, Engine, VerifySchemaReport, VerifySchemaRequest } from "../engine/index.ts";
import { defineTool, projectId, type ToolAnswer } from "./define-tool.ts";
import { findings, hasErrorFinding, reportParts } from "./report-parts.ts";
import { toJunit, toResults, toTap } from "./verification-formats.ts";

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
    findings: findings.exactOptional(),
    next_cursor: z.string().exactOptional(),
  }),
  isUnwelcome: (report) => isUnwelcome(report),
  runInstead: (engine, given, context) =>
    given.write_starter !== true && (given.tap === true || given.junit === true)
      ? print(engine, given, context)
      : undefined,
  run: (engine, given, context) => engine.verifySchema(toRequest(given), context),
});

async function print(engine: Engine, given: CommandInput, context: CallContext): Promise<ToolAnswer> {
  const report = await engine.verifySchema(toRequest(given), context);
  const results = [...report.checks, ...toResults(report.findings ?? [])];
  const text = given.tap === true ? toTap(results) : toJunit(results);
  return { report, isUnwelcome: isUnwelcome(report), text };
}

interface Outcome {
  readonly counts: VerifySchemaReport["counts"];
  readonly findings?: Parameters<typeof hasErrorFinding>[0];
}

function isUnwelcome({ counts, findings: found }: Outcome): boolean {
  return counts.failed > 0 || hasErrorFinding(found);
}

function toRequest({ file, cursor, write_starter: writeStarter }: CommandInput): VerifySchemaRequest {
  return {
    ...(file === undefined ? {} : { file }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(writeStarter === undefined ? {} : { writeStarter }),
  };
}
