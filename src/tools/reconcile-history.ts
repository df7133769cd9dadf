import * as z from "zod";
import { defineTool, projectId } from "./define-tool.ts";
import { reportParts } from "./report-parts.ts";

/** Files and history brought to agree, by a plan that is shown first. */
export const reconcileHistory = defineTool({
  name: "reconcile_history",
  title: "Reconcile history",
  description:
    "Makes files and history agree: plans, and with confirm: plan_id carries out, all or nothing. Never runs migrations. Next: detect_drift.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    project_id: projectId,
    truth: z.enum(["database", "files"]).exactOptional(),
    actions: z.array(z.string()).describe("as offered in choices").exactOptional(),
    reason: z.string().exactOptional(),
    cursor: z.string().exactOptional(),
    confirm: z.string().exactOptional(),
  }),
  output: z.object({
    ...reportParts,
    status: z.string(),
    plan_id: z.string().exactOptional(),
    steps: z.array(z.object({ action: z.string(), version: z.string(), why: z.string() })).readonly(),
    next_cursor: z.string().exactOptional(),
    choices: z
      .array(z.object({ question: z.string() }))
      .readonly()
      .exactOptional(),
  }),
  isUnwelcome: ({ status, choices = [] }) =>
    status === "planned" || status === "confirmation_required" || choices.length > 0,
  run: (engine, { project_id: _, ...request }, context) => engine.reconcileHistory(request, context),
});
