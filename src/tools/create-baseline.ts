import * as z from "zod";
import { defineTool, projectId } from "./define-tool.ts";
import { reportParts } from "./report-parts.ts";

/** One migration in place of everything applied so far. */
export const createBaseline = defineTool({
  name: "create_baseline",
  title: "Create baseline",
  description:
    "Replaces everything applied so far by one migration made from the live schema, proved by replaying it on an empty database. Old files and rows are archived. Answers a plan_id and changes nothing; call again with it as confirm.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    project_id: projectId,
    from: z.enum(["live", "files", "baseline"]).exactOptional(),
    confirm: z.string().describe("plan_id").exactOptional(),
  }),
  output: z.object({
    ...reportParts,
    status: z.string(),
    plan_id: z.string().exactOptional(),
    version: z.string(),
    file: z.string(),
    proved: z.boolean(),
  }),
  isUnwelcome: (report) => ["not_proved", "confirmation_required"].includes(report.status),
  run: (engine, { project_id: _, ...request }, context) => engine.createBaseline(request, context),
});
