import type { Dirent } from "node:fs";
import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import type { Finding } from "../model/finding.ts";
import type { MigrationFile } from "../model/migration.ts";
import { compareVersions } from "../model/version.ts";
import type { FolderContents } from "../ports.ts";
import { mapBounded } from "./map-bounded.ts";
import { duplicateFindings, nameFindings, skippedName, type NamedFile } from "./name-findings.ts";
import { cliSkipsFirst, compareFileNames, parseFileName } from "./naming.ts";
import { isInside, resolveExisting, systemCodeOf, toShownPath } from "./paths.ts";
import { readArchive } from "./read-archive.ts";
import { readMigrationFile } from "./read-file.ts";
import { readSubfolders, rollbackFolder } from "./subfolders.ts";

interface FolderQuestion {
  readonly dir: string;
  readonly projectDir: string;
  /** Named by somebody, who may have mistyped it. */
  readonly isGiven?: boolean;
  readonly now: Date;
}

interface FileWithFindings {
  readonly file: MigrationFile;
  readonly findings: readonly Finding[];
}

/**
 * Reads every file that Supabase CLI 3.1.0 would take from the folder, by its rules: flat, links followed, ordered by the text of
 * the version and then by file name. A missing folder reads as empty, with
 * a finding where it was named. Throws `file_not_readable` and `folder_not_allowed`.
 */
export async function readFolder(question: FolderQuestion): Promise<FolderContents> {
  const { dir, projectDir, now } = question;
  const found = await readEntries(dir);
  const entries = found ?? [];
  const shownPathOf = (fileName: string) => toShownPath(path.join(dir, fileName), projectDir);
  const files = entries.filter((entry) => !entry.isDirectory());
  const named = files.flatMap(({ name }) => toNamedFile(name, shownPathOf(name))).toSorted(compareNamedFiles);
  const skippedFirst = cliSkipsFirst(entries.map(({ name }) => name));
  const links = new Set(files.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name));
  const homes = await Promise.all([resolveExisting(dir), resolveExisting(projectDir)]);
  const rollbackOf = readRollbacks(dir, entries);
  const read = await mapBounded(named, async (namedFile): Promise<FileWithFindings> => {
    const location = path.join(dir, namedFile.fileName);
    const { content, findings } = await readMigrationFile(location, namedFile.file);
    const outside = links.has(namedFile.fileName) ? await linkFindings(location, namedFile.file, homes) : [];
    const skippedByCli = namedFile.fileName === skippedFirst;
    const skipped = skippedByCli ? [skippedByCliFinding(namedFile)] : [];
    const { fileName, parsed } = namedFile;
    return {
      file: {
        version: parsed.version,
        name: parsed.name,
        fileName,
        content,
        skippedByCli,
        ...(await rollbackOf(fileName)),
      },
      findings: [...nameFindings(namedFile, now), ...skipped, ...outside, ...findings],
    };
  });
  const archive = await readArchive(dir, projectDir);
  const subfolders = await readSubfolders(dir, entries, shownPathOf);
  return {
    files: read.map(({ file }) => file),
    findings: [
      ...(found === undefined && question.isGiven === true ? [missingFolder(question)] : []),
      ...read.flatMap(({ findings }) => findings),
      ...duplicateFindings(named),
      ...files.filter(isSkippedSql).map(({ name }) => skippedName(name, shownPathOf(name))),
      ...subfolders.findings,
      ...archive.findings,
    ],
    archived: archive.archived,
    inSubfolders: subfolders.files,
    archiveEntries: archive.entries,
    strays: files.filter(isSkippedSql).map(({ name }) => name),
  };
}

/** The SQL of files in `rollback/`, by the name of the migration that each undoes. */
function readRollbacks(
  dir: string,
  entries: readonly Dirent[],
): (fileName: string) => Promise<Pick<MigrationFile, "rollbackFile">> {
  if (!entries.some((entry) => entry.name === rollbackFolder && entry.isDirectory())) return async () => ({});
  return async (fileName) => {
    const location = path.join(dir, rollbackFolder, fileName);
    if (!existsSync(location)) return {};
    const { content } = await readMigrationFile(location, `${rollbackFolder}/${fileName}`);
    return content.kind === "sql" ? { rollbackFile: content.sql } : {};
  };
}

async function readEntries(dir: string): Promise<readonly Dirent[] | undefined> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries.toSorted((a, b) => compareFileNames(a.name, b.name));
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT") return undefined;
    if (code === "ENOTDIR")
      throw new EngineError("folder_not_allowed", `The migrations folder ${dir} is a file.`);
    throw new EngineError(
      "file_not_readable",
      `The folder ${dir} cannot be read (${code ?? "unknown error"}).`,
      {},
      error,
    );
  }
}

/** A check of a folder that is not there would pass, whatever the migrations are like. */
function missingFolder({ dir, projectDir }: FolderQuestion): Finding {
  const file = toShownPath(dir, projectDir);
  return {
    code: "folder_missing",
    severity: "error",
    message: `There is no folder ${file}, which was named as the migrations folder.`,
    hint: "Correct its name; if it is to be made, create_migration makes it with the first file.",
    file,
  };
}

function toNamedFile(fileName: string, file: string): readonly NamedFile[] {
  const parsed = parseFileName(fileName);
  return parsed === undefined ? [] : [{ fileName, file, parsed }];
}

function compareNamedFiles(a: NamedFile, b: NamedFile): number {
  return compareVersions(a.parsed.version, b.parsed.version) || compareFileNames(a.fileName, b.fileName);
}

function isSkippedSql({ name }: Dirent): boolean {
  return /\.sql$/i.test(name) && parseFileName(name) === undefined;
}

async function linkFindings(
  location: string,
  file: string,
  homes: readonly string[],
): Promise<readonly Finding[]> {
  const target = await realpath(location).catch(() => undefined);
  if (target === undefined || homes.some((home) => isInside(target, home))) return [];
  return [
    {
      code: "link_outside_project",
      severity: "warning",
      message: "The file is a link that leaves the project; it is read, as the Supabase CLI does.",
      hint: "Put the file itself into the folder, so that every checkout has the same SQL.",
      file,
    },
  ];
}

function skippedByCliFinding({ file, parsed }: NamedFile): Finding {
  return {
    code: "skipped_by_cli",
    severity: "warning",
    message:
      "The Supabase CLI passes over a first file named _init from before 2021-12-09, and so does Godwit.",
    hint: 'Replace "init" in its name if it has to be applied.',
    file,
    version: parsed.version,
  };
}
