import * as z from "zod";
import { printable, renderTable } from "./render-text.ts";

/** The parts of a report that only reconcile_history and the archive's list have. */
export const reconcileParts = {
  steps: z.array(z.record(z.string(), z.unknown())).optional(),
  steps_left_out: z.number().optional(),
  choices: z
    .array(
      z.object({
        question: z.string(),
        count: z.number(),
        about: z.array(z.string()).readonly(),
        options: z.array(z.string()).readonly(),
      }),
    )
    .optional(),
  archive: z.array(z.record(z.string(), z.unknown())).optional(),
};

const parts = z.object(reconcileParts);

/** What is planned, what is left to decide with the flags that decide it, and the archive's files, each as a block. */
export function reconcileBlocks({
  steps = [],
  steps_left_out: leftOut,
  choices = [],
  archive = [],
}: z.output<typeof parts>): readonly string[] {
  return [
    steps.length === 0 ? "" : renderTable(["action", "version", "file", "to", "why"], steps),
    leftOut === undefined ? "" : `${leftOut} more steps; see --json.`,
    choices.map(describeChoice).join("\n"),
    archive.length === 0 ? "" : renderTable(["state", "file", "archived_at", "reason"], archive),
  ];
}

function describeChoice({
  question,
  count,
  about,
  options,
}: NonNullable<z.output<typeof parts>["choices"]>[number]): string {
  const more = count > about.length ? ` and ${count - about.length} more` : "";
  const flags = options.map((option) => `  --actions "${printable(option)}"`);
  return [`choice: ${question}`, `  about ${about.map(printable).join(", ")}${more}`, ...flags].join("\n");
}
