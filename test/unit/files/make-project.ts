import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

export interface Project {
  readonly projectDir: string;
  readonly dir: string;
}

/** A project in a folder of its own with the given files in its migrations folder; removed when the test ends. */
export async function makeProject(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Project> {
  const projectDir = await realpath(await mkdtemp(path.join(tmpdir(), "godwit-files-")));
  onTestFinished(() => rm(projectDir, { recursive: true, force: true }));
  const dir = path.join(projectDir, "supabase", "migrations");
  await mkdir(dir, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), content);
  }
  return { projectDir, dir };
}
