import * as z from "zod";
import { inOneLine, printable, renderTable } from "./render-text.ts";

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
    groupSteps(steps).map(describeSteps).join("\n"),
    leftOut === undefined ? "" : `${leftOut} more steps; see --json.`,
    choices.map(describeChoice).join("\n"),
    archive.length === 0 ? "" : renderTable(["state", "file", "archived_at", "reason"], archive),
  ];
}

type Step = Readonly<Record<string, unknown>>;

/** Steps that do the same for the same reason stand together, in the order of the first of them. */
function groupSteps(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    const key = JSON.stringify([step["action"], step["why"]]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  return [...groups.values()];
}

function describeSteps(steps: readonly Step[]): string {
  const [first] = steps;
  const title = `${printable(first?.["action"])} ${steps.length}: ${printable(first?.["why"])}`;
  return [title, ...steps.map(describeStep)].join("\n");
}

/** What it is done to, and the version where the names do not tell it. */
function describeStep({ version, file, to }: Step): string {
  const names = [file, to].filter((name) => name !== undefined).map((name) => inOneLine(name, 200));
  const told = names.some((name) => name.startsWith(`${printable(version)}_`));
  const shown = told ? names : [inOneLine(version, 60), ...names];
  return `  ${shown.filter((text) => text !== "").join(names.length > 1 ? " → " : "  ")}`;
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
