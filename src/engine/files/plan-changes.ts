import type { Dirent } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import type { FileChange } from "../model/history-change.ts";
import { numberedName, ownManifest } from "./archive.ts";
import { sha256Of, type PlacedFile } from "./change-journal.ts";
import { toBytesChecksum } from "./checksum.ts";
import {
  archiveFolderName,
  manifestFileName,
  renderManifest,
  type Manifest,
  type ManifestEntry,
} from "./manifest.ts";
import { parseFileName } from "./naming.ts";
import { notMovable, readToMove, stale, type MovedFile } from "./read-to-move.ts";
import { assertBareName, assertWritableText } from "./write-migration.ts";

/** What a journal tells, and the bytes of what is staged, by the index among `added`. */
export interface PlannedChanges {
  readonly moved: readonly PlacedFile[];
  readonly added: readonly (PlacedFile & { readonly from?: number })[];
  readonly staged: ReadonlyMap<number, Uint8Array>;
}

interface Draft {
  readonly dir: string;
  readonly archivedAt: string;
  readonly taken: Set<string>;
  readonly moved: PlacedFile[];
  readonly added: (PlacedFile & { readonly from?: number })[];
  readonly staged: Map<number, Uint8Array>;
}

/**
 * Looks at every file that the changes touch and says what moves where, the manifest included. Writes nothing.
 * Throws `plan_is_stale` where a file is not what the plan expects, `file_exists`, `file_not_readable`, `path_outside_folder`.
 */
export async function planChanges(
  dir: string,
  changes: readonly FileChange[],
  now: Date,
): Promise<PlannedChanges> {
  const archiveDir = path.join(dir, archiveFolderName);
  const draft: Draft = {
    dir,
    archivedAt: `${now.toISOString().slice(0, 19)}Z`,
    taken: new Set(await readdir(archiveDir).catch(() => [])),
    moved: [],
    added: [],
    staged: new Map(),
  };
  const manifestPath = path.join(archiveDir, manifestFileName);
  const manifest = changes.every(({ kind }) => kind === "write")
    ? undefined
    : await ownManifest(manifestPath);
  const changed = await draftAll(draft, changes, manifest ?? { formatVersion: 1, entries: [] });
  if (manifest !== undefined) await draftManifest(draft, manifestPath, changed);
  await assertPlacesFree(draft);
  return draft;
}

async function draftAll(draft: Draft, changes: readonly FileChange[], manifest: Manifest): Promise<Manifest> {
  let current = manifest;
  for (const change of changes) current = await draftOne(draft, change, current);
  return current;
}

async function draftOne(draft: Draft, change: FileChange, manifest: Manifest): Promise<Manifest> {
  switch (change.kind) {
    case "write":
      assertBareName(change.fileName);
      assertWritableText(change.fileName, change.sql);
      stage(draft, change.fileName, Buffer.from(change.sql, "utf8"));
      return manifest;
    case "archive":
      return draftArchive(draft, change, manifest);
    case "rename":
      return draftRename(draft, change, manifest);
    case "restore":
      return draftRestore(draft, change, manifest);
  }
}

async function draftArchive(
  draft: Draft,
  change: Extract<FileChange, { kind: "archive" }>,
  manifest: Manifest,
): Promise<Manifest> {
  const { bytes, form } = await move(draft, change.fileName, change.sha256);
  if (form === "link to nothing")
    throw notMovable(`${change.fileName} is a link to no file`, change.fileName);
  const file = freeName(draft, change.fileName);
  place(draft, `${archiveFolderName}/${file}`, { bytes, isCopied: form === "link" });
  const parsed = parseFileName(change.fileName);
  const entry: ManifestEntry = {
    file,
    originalName: change.fileName,
    version: parsed?.version ?? "",
    name: parsed?.name ?? "",
    checksum: toBytesChecksum(bytes),
    bytes: bytes.byteLength,
    archivedAt: draft.archivedAt,
    reason: change.reason,
  };
  return { ...manifest, entries: [...manifest.entries, entry] };
}

async function draftRename(
  draft: Draft,
  change: Extract<FileChange, { kind: "rename" }>,
  manifest: Manifest,
): Promise<Manifest> {
  assertBareName(change.to);
  const { bytes } = await move(draft, change.fileName, change.sha256);
  place(draft, change.to, { bytes, isCopied: false });
  const rename = {
    from: change.fileName,
    to: change.to,
    renamedAt: draft.archivedAt,
    reason: change.reason,
  };
  return { ...manifest, renames: [...(manifest.renames ?? []), rename] };
}

async function draftRestore(
  draft: Draft,
  change: Extract<FileChange, { kind: "restore" }>,
  manifest: Manifest,
): Promise<Manifest> {
  assertBareName(change.archivedFile);
  const below = `${archiveFolderName}/${change.archivedFile}`;
  assertBareName(change.to);
  const { bytes } = await move(draft, below, change.sha256);
  place(draft, change.to, { bytes, isCopied: false });
  return { ...manifest, entries: manifest.entries.filter(({ file }) => file !== change.archivedFile) };
}

async function draftManifest(draft: Draft, location: string, manifest: Manifest): Promise<void> {
  const below = `${archiveFolderName}/${manifestFileName}`;
  const before = await readFile(location).catch(() => undefined);
  if (before !== undefined) draft.moved.push({ path: below, sha256: sha256Of(before) });
  stage(draft, below, Buffer.from(renderManifest(manifest)));
}

async function move(draft: Draft, below: string, expected: string | undefined): Promise<MovedFile> {
  const fileName = path.basename(below);
  assertBareName(fileName);
  const file = await readToMove(path.join(draft.dir, ...below.split("/")));
  const sha256 = sha256Of(file.bytes);
  if (expected !== undefined && sha256 !== expected) throw stale(`${fileName} has changed.`);
  draft.moved.push({ path: below, sha256 });
  return file;
}

/** A link that points below its own folder would point elsewhere from the archive, so its text is kept instead. */
function place(
  draft: Draft,
  below: string,
  source: { readonly bytes: Uint8Array; readonly isCopied: boolean },
): void {
  if (source.isCopied) return stage(draft, below, source.bytes);
  draft.added.push({ path: below, sha256: sha256Of(source.bytes), from: draft.moved.length - 1 });
}

function stage(draft: Draft, below: string, bytes: Uint8Array): void {
  draft.staged.set(draft.added.length, bytes);
  draft.added.push({ path: below, sha256: sha256Of(bytes) });
}

function freeName(draft: Draft, fileName: string): string {
  for (let copy = 1; ; copy += 1) {
    const name = numberedName(fileName, copy);
    if (draft.taken.has(name)) continue;
    draft.taken.add(name);
    return name;
  }
}

async function assertPlacesFree({ dir, moved, added }: Draft): Promise<void> {
  const leaving = new Set(moved.map((file) => file.path));
  const there = await namesIn(dir);
  const seen = new Set<string>();
  for (const { path: below } of added) {
    const entry = leaving.has(below) ? undefined : there.get(below);
    if (entry?.isDirectory() === true) throw folderInTheWay(below);
    if (seen.has(below) || entry !== undefined) {
      throw new EngineError("file_exists", `${below} exists already and was left as it is.`, { file: below });
    }
    seen.add(below);
  }
}

/** By exact name: where a file system takes `A` and `a` for one, a file that is renamed from the one to the other is in nobody's way. */
async function namesIn(dir: string): Promise<ReadonlyMap<string, Dirent>> {
  const [files, archived] = await Promise.all(
    [dir, path.join(dir, archiveFolderName)].map((folder) =>
      readdir(folder, { withFileTypes: true }).catch(() => []),
    ),
  );
  return new Map([
    ...(files ?? []).map((entry) => [entry.name, entry] as const),
    ...(archived ?? []).map((entry) => [`${archiveFolderName}/${entry.name}`, entry] as const),
  ]);
}

function folderInTheWay(below: string): EngineError {
  return new EngineError(
    "file_exists",
    `${below} is a folder, and a file of that name is to be written. Nothing was changed.`,
    { hint: "Rename the folder, then call again.", file: below },
  );
}
