import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import type { PhaseFile } from "../ports.ts";
import { createFile } from "./create-file.ts";
import { systemCodeOf } from "./paths.ts";
import { parsePhaseFileName } from "./phase-file.ts";
import { readMigrationFile } from "./read-file.ts";
import { assertStaysInProject, assertWritableText, whereWritable } from "./write-migration.ts";

/** The folder of phases inside the migrations folder: the Supabase CLI passes folders over. */
export const phasesFolderName = "phases";

/** Every phase's file, with its text or why it cannot be read; other files are passed over. A missing folder reads as empty. */
export async function readPhaseFiles(dir: string): Promise<readonly PhaseFile[]> {
  const folder = path.join(dir, phasesFolderName);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ENOTDIR") return [];
    throw new EngineError("file_not_readable", `The folder ${folder} cannot be read.`, {}, error);
  });
  const files = entries.filter((entry) => !entry.isDirectory());
  const read = files.map(async ({ name: fileName }): Promise<readonly PhaseFile[]> => {
    const parts = parsePhaseFileName(fileName);
    if (parts === undefined) return [];
    const { content } = await readMigrationFile(path.join(folder, fileName), fileName);
    return [{ ...parts, fileName, content }];
  });
  return (await Promise.all(read)).flat();
}

/** Writes a phase's file, all of it or nothing, and answers its absolute path. Throws as `writeMigration` does. */
export async function writePhaseFile(
  dir: string,
  projectDir: string,
  { fileName, sql }: { readonly fileName: string; readonly sql: string },
): Promise<string> {
  if (parsePhaseFileName(fileName) === undefined)
    throw new EngineError("invalid_name", `${JSON.stringify(fileName)} is no phase's file name.`);
  assertWritableText(fileName, sql);
  const folder = path.join(dir, phasesFolderName);
  await assertStaysInProject(dir, projectDir);
  await assertStaysInProject(folder, projectDir);
  return whereWritable(folder, async () => {
    await mkdir(folder, { recursive: true });
    const location = path.join(folder, fileName);
    await createFile(location, Buffer.from(sql, "utf8"));
    return location;
  });
}
