import * as z from "zod";
import { describeNotRun, describeSchemaItem } from "./render-drift.ts";

const rows = z.array(z.record(z.string(), z.unknown())).readonly();

/** The parts of a report that only a baseline which is not proved has. */
export const baselineParts = {
  differences: rows.optional(),
  failures: rows.optional(),
};

const parts = z.object(baselineParts);
const shownOfEach = 20;

/** What keeps a baseline from being proved, as far as a person reads it. */
export function baselineBlocks({
  differences = [],
  failures = [],
}: z.output<typeof parts>): readonly string[] {
  return [listOf(failures, describeNotRun), listOf(differences, describeSchemaItem)];
}

function listOf(
  items: z.output<typeof rows>,
  describe: (item: z.output<typeof rows>[number]) => string,
): string {
  const left = items.length - shownOfEach;
  return [
    ...items.slice(0, shownOfEach).map(describe),
    ...(left > 0 ? [`${left} more; see --json.`] : []),
  ].join("\n");
}
