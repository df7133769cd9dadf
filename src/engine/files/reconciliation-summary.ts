import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Journal } from "./change-journal.ts";
import { createFile, replaceFile } from "./create-file.ts";

/** The report for people in `archive/`: one section a change, newest last. */
export const summaryFileName = "RECONCILIATION_SUMMARY.md";

const heading = "# What reconcile_history and create_baseline changed\n";

/** Adds a finished change's section, once however often it is called. */
export async function appendSummary(
  archiveDir: string,
  { runId, summary }: Pick<Journal, "runId" | "summary">,
): Promise<void> {
  const location = path.join(archiveDir, summaryFileName);
  const before = await readFile(location, "utf8").catch(() => undefined);
  const mark = `<!-- run ${runId} -->`;
  if (before?.includes(mark) === true) return;
  const bytes = Buffer.from(`${before ?? heading}\n${mark}\n${summary.trimEnd()}\n\nRun \`${runId}\`.\n`);
  if (before === undefined) await createFile(location, bytes);
  else await replaceFile(location, bytes);
}
