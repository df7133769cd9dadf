import { cp, mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { createProject, type TestProject } from "../support/project.ts";
import { applyApproved } from "./apply-approved.ts";
import type { RealHistory } from "./real-histories.ts";
import { separateVersions } from "./replay-history.ts";

/** A project whose database holds what the history's files lead to; files that fail are kept out of the folder. */
export interface AppliedHistory {
  readonly project: TestProject;
  readonly appliedCount: number;
  readonly failedCount: number;
}

/** Applies the files one after the other as far as they go, followed by `lastFile` where one is given. */
export async function applyHistory(
  history: RealHistory,
  { url, lastFile }: { readonly url: string; readonly lastFile?: string },
): Promise<AppliedHistory> {
  const project = await createProject({ url });
  const folder = path.join(project.dir, "supabase/migrations");
  const aside = path.join(project.dir, "aside");
  await mkdir(path.dirname(folder));
  await mkdir(aside);
  await cp(history.migrationsDir, folder, { recursive: true });
  const files = await separateVersions(history.fileNames, folder);
  for (const file of files) await rename(path.join(folder, file), path.join(aside, file));
  let failedCount = 0;
  for (const file of files) {
    await rename(path.join(aside, file), path.join(folder, file));
    const report = await applyApproved(project.engine, { file });
    if (report.status === "applied") continue;
    failedCount += 1;
    await rename(path.join(folder, file), path.join(aside, file));
  }
  if (lastFile !== undefined) {
    await project.write({ "supabase/migrations/29990101000000_last.sql": lastFile });
    const report = await applyApproved(project.engine, {});
    if (report.status !== "applied") throw new Error(JSON.stringify(report.failure));
  }
  return { project, appliedCount: files.length - failedCount, failedCount };
}
