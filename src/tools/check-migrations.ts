import * as z from "zod";
import type { CallContext, CheckMigrationsRequest, Engine } from "../engine/index.ts";
import { defineTool, projectId, type ToolAnswer } from "./define-tool.ts";
import { findings, reportParts } from "./report-parts.ts";

const input = z.strictObject({
  project_id: projectId,
  since: z.string().describe("only files from this version on").exactOptional(),
  no_replay: z.boolean().exactOptional(),
  cursor: z.string().exactOptional(),
});

const commandInput = input.extend({
  fail_on: z
    .enum(["error", "warning"])
    .describe("What makes the exit code 1; error where absent.")
    .exactOptional(),
  sarif: z.boolean().describe("Print a SARIF 2.1.0 log for code scanning.").exactOptional(),
});

type CommandInput = z.output<typeof commandInput>;

/** The folder alone: for an agent before it applies, and for a pull request. */
export const checkMigrations = defineTool({
  name: "check_migrations",
  title: "Check migrations",
  description:
    "Judges the migration files without touching the target: names, order, hazards (locks, data loss, security) with safe rewrites, and a replay on an empty database. Use before apply_migration.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input,
  commandInput,
  output: z.object({
    ...reportParts,
    counts: z.object({ error: z.number(), warning: z.number(), info: z.number() }),
    findings,
    next_cursor: z.string().exactOptional(),
  }),
  isUnwelcome: ({ counts }) => counts.error > 0,
  runInstead: (engine, given, context) =>
    given.sarif === true || given.fail_on !== undefined ? runForJob(engine, given, context) : undefined,
  run: (engine, given, context) => engine.checkMigrations(toRequest(given), context),
});

async function runForJob(engine: Engine, given: CommandInput, context: CallContext): Promise<ToolAnswer> {
  const isFailing = ({ error, warning }: { readonly error: number; readonly warning: number }) =>
    error > 0 || (given.fail_on === "warning" && warning > 0);
  if (given.sarif !== true) {
    const report = await engine.checkMigrations(toRequest(given), context);
    return { report, isUnwelcome: isFailing(report.counts) };
  }
  const { log, counts } = await engine.checkMigrationsAsSarif(toRequest(given), context);
  return { report: log, isUnwelcome: isFailing(counts), form: "document" };
}

function toRequest({ since, no_replay: noReplay, cursor }: z.output<typeof input>): CheckMigrationsRequest {
  return {
    ...(since === undefined ? {} : { since }),
    ...(noReplay === true ? { replay: false } : {}),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
