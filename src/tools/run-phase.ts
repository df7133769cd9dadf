import * as z from "zod";
import type { RunPhaseRequest } from "../engine/index.ts";
import { defineTool, projectId } from "./define-tool.ts";
import { reportParts } from "./report-parts.ts";

const input = z.strictObject({
  project_id: projectId,
  phase: z.string().describe("number_name").exactOptional(),
  query: z.string().exactOptional(),
  key: z.string().describe("schema.table.column").exactOptional(),
  batch_size: z.int().min(1).max(1_000_000).exactOptional(),
  dry_run: z.boolean().exactOptional(),
  adopt: z.boolean().exactOptional(),
  confirm: z.string().exactOptional(),
});

const commandInput = input.extend({
  max_seconds: z
    .int()
    .min(1)
    .max(86_400)
    .describe("Begin no batch after so many seconds; absent: run to the end.")
    .exactOptional(),
});

/** A data migration in one transaction, or in batches that can be gone on with. */
export const runPhase = defineTool({
  name: "run_phase",
  title: "Run phase",
  description:
    "Moves data: query runs once, or with key in batches, where key between :from and :to. Call again while in_progress. No phase: lists.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input,
  commandInput,
  positional: "phase",
  output: z.object({
    ...reportParts,
    status: z.string(),
    plan_id: z.string().exactOptional(),
    progress: z.object({ rows_done: z.number() }).exactOptional(),
    rows_affected: z.number().exactOptional(),
  }),
  isUnwelcome: ({ status }) =>
    ["failed", "confirmation_required", "in_progress", "running_elsewhere"].includes(status),
  run: (engine, given, context) => engine.runPhase(toRequest(given), context),
});

function toRequest(given: z.output<typeof input> & { readonly max_seconds?: number }): RunPhaseRequest {
  const {
    project_id: _,
    batch_size: batchSize,
    dry_run: dryRun,
    max_seconds: maxSeconds,
    ...request
  } = given;
  return {
    ...request,
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
  };
}
