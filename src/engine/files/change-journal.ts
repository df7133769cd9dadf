import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import { createFile, removeFile } from "./create-file.ts";
import { archiveFolderName } from "./manifest.ts";

const journalPattern = /^\.godwit-changes-([0-9a-f-]{36})\.json$/;

/** What one change of the folder does, as `archive/.godwit-changes-<run id>.json` tells it while it is under way (docs/formats.md). */
export interface Journal {
  readonly formatVersion: 1;
  readonly runId: string;
  /** The identity of the database whose history changes with the files. */
  readonly target: string;
  /** ISO 8601, UTC, to the second. */
  readonly begunAt: string;
  /** Files that leave their place, in order; kept as `old-<index>` in the journal's folder until all is done. */
  readonly moved: readonly PlacedFile[];
  /** Files that appear; `from` is the index among `moved` whose bytes they are, else they are staged as `new-<index>`. */
  readonly added: readonly (PlacedFile & { readonly from?: number })[];
  /** Markdown for RECONCILIATION_SUMMARY.md. */
  readonly summary: string;
}

export interface PlacedFile {
  /** Below the migrations folder, with `/`. */
  readonly path: string;
  /** SHA-256, hex, of its bytes. */
  readonly sha256: string;
}

/** The folder that keeps what a journal moves and adds. */
export function stagingFolder(dir: string, runId: string): string {
  return path.join(dir, archiveFolderName, `.godwit-changes-${runId}`);
}

/** Begins: from now on the change is either undone or finished by whoever finds the journal. */
export async function writeJournal(dir: string, journal: Journal): Promise<void> {
  await mkdir(path.join(dir, archiveFolderName), { recursive: true });
  await createFile(journalPath(dir, journal.runId), Buffer.from(`${JSON.stringify(journal, null, 2)}\n`));
  await mkdir(stagingFolder(dir, journal.runId), { recursive: true });
}

/** Ends: what is still staged is a second name of files that have their place. */
export async function removeJournal(dir: string, runId: string): Promise<void> {
  await rm(stagingFolder(dir, runId), { recursive: true, force: true });
  await removeFile(journalPath(dir, runId));
}

/** The runs whose journals lie in the archive, oldest name first; none where there is no archive. */
export async function listJournals(dir: string): Promise<readonly string[]> {
  const names = await readdir(path.join(dir, archiveFolderName)).catch(() => []);
  return names.flatMap((name) => journalPattern.exec(name)?.[1] ?? []).toSorted();
}

/** One journal; undefined where it is gone. Throws `file_not_readable` where it is damaged. */
export async function readJournal(dir: string, runId: string): Promise<Journal | undefined> {
  const location = journalPath(dir, runId);
  const text = await readFile(location, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const journal = parseJournal(text);
  if (journal?.runId === runId) return journal;
  throw new EngineError("file_not_readable", `${location} is not a journal that this version can read.`, {
    hint: "Update Godwit; or, if the file was damaged, move what lies in the folder of the same name back by hand and remove both.",
  });
}

/** SHA-256, hex, of bytes. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The same of a file in the migrations folder. Throws `file_not_readable`. */
export async function digestFile(dir: string, fileName: string): Promise<string> {
  try {
    return sha256Of(await readFile(path.join(dir, path.basename(fileName))));
  } catch (error) {
    throw new EngineError(
      "file_not_readable",
      `${fileName} cannot be read, so it cannot be archived.`,
      {},
      error,
    );
  }
}

function journalPath(dir: string, runId: string): string {
  return `${stagingFolder(dir, runId)}.json`;
}

function parseJournal(text: string): Journal | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJournal(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJournal(value: unknown): value is Journal {
  return (
    isRecord(value) &&
    value["formatVersion"] === 1 &&
    ["runId", "target", "begunAt", "summary"].every((key) => typeof value[key] === "string") &&
    [value["moved"], value["added"]].every((list) => Array.isArray(list) && list.every(isPlaced))
  );
}

function isPlaced(value: unknown): value is PlacedFile {
  return isRecord(value) && typeof value["path"] === "string" && typeof value["sha256"] === "string";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
