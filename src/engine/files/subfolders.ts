import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Finding } from "../model/finding.ts";
import { archiveFolderName } from "./manifest.ts";
import { mapBounded } from "./map-bounded.ts";
import { phasesFolderName } from "./phases-folder.ts";

/** Folder inside the migrations folder with files that undo the migrations of the same names. */
export const rollbackFolder = "rollback";

/** Folders inside the migrations folder that are Godwit's own. */
const ownFolders: readonly string[] = [archiveFolderName, phasesFolderName, rollbackFolder];

/** Folders that hold `.sql` files beside the migrations. */
export interface Subfolders {
  /** Their `.sql` files, by their path below the migrations folder. */
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
}

/** Folders that hold `.sql` files, and what is worth telling about them: the CLI passes every folder over. Links are not followed. */
export async function readSubfolders(
  dir: string,
  entries: readonly Dirent[],
  shownPathOf: (name: string) => string,
): Promise<Subfolders> {
  const folders = entries.filter((entry) => entry.isDirectory() && !ownFolders.includes(entry.name));
  const read = await mapBounded(folders, async ({ name }) => {
    const files = await listSql(path.join(dir, name));
    return { files: files.map((file) => `${name}/${file}`), findings: describe(name, files, shownPathOf) };
  });
  return {
    files: read.flatMap(({ files }) => files),
    findings: read.flatMap(({ findings }) => findings),
  };
}

function describe(
  name: string,
  files: readonly string[],
  shownPathOf: (name: string) => string,
): readonly Finding[] {
  if (files.length === 0) return [];
  // `supabase migration new "a/b"` and other tools make folders that look like a migration's name.
  if (/^[0-9]+_/.test(name)) return files.map((file) => stray(`${shownPathOf(name)}/${file}`));
  return [subfolder(shownPathOf(name), files.length)];
}

async function listSql(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && /\.sql$/i.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .toSorted();
}

function subfolder(file: string, count: number): Finding {
  return {
    code: "subfolder",
    severity: "info",
    message: `The folder holds ${count} .sql ${count === 1 ? "file" : "files"}, which are no migrations: folders are passed over.`,
    hint: "Fine for kept files; move a file up if it has to be applied.",
    file,
  };
}

function stray(file: string): Finding {
  return {
    code: "stray_sql_file",
    severity: "warning",
    message:
      "The file is in a folder named like a migration, so it is no migration itself: folders are passed over.",
    hint: 'Move it up as YYYYMMDDHHMMSS_name.sql if it has to be applied; of Prisma\'s, reconcile_history { actions: ["convert_names"] } plans that.',
    file,
  };
}
