import { mkdir, readFile, lstat } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import { createFile, linkNew, removeFile, replaceFile } from "./create-file.ts";
import { toBytesChecksum } from "./checksum.ts";
import { withLockFile } from "./lock-file.ts";
import {
  archiveFolderName,
  manifestFileName,
  readManifest,
  renderManifest,
  type Manifest,
  type ManifestEntry,
} from "./manifest.ts";
import { parseFileName } from "./naming.ts";
import { systemCodeOf } from "./paths.ts";
import { assertBareName, assertStaysInProject, whereWritable } from "./write-migration.ts";

interface ArchiveOrder {
  readonly dir: string;
  readonly projectDir: string;
  readonly fileName: string;
  readonly reason: string;
  readonly now: Date;
}

/**
 * Moves a file of the migrations folder to `archive/`, with an entry in the manifest, and answers its absolute path there.
 * The original goes last, when its bytes have been read back from the archive: nothing is overwritten or lost at any point.
 * Throws `file_not_found`, `file_not_readable`, `path_outside_folder`, `folder_not_writable`.
 */
export async function archiveFile(order: ArchiveOrder): Promise<string> {
  const { dir, projectDir, fileName } = order;
  assertBareName(fileName);
  const archiveDir = path.join(dir, archiveFolderName);
  await assertStaysInProject(dir, projectDir);
  await assertStaysInProject(archiveDir, projectDir);
  await assertFile(path.join(dir, fileName));
  return whereWritable(archiveDir, async () => {
    await mkdir(archiveDir, { recursive: true });
    return withLockFile(path.join(archiveDir, ".godwit-manifest.lock"), () =>
      moveWithEntry(order, archiveDir),
    );
  });
}

async function moveWithEntry(order: ArchiveOrder, archiveDir: string): Promise<string> {
  const original = path.join(order.dir, order.fileName);
  const manifestPath = path.join(archiveDir, manifestFileName);
  const manifest = await ownManifest(manifestPath);
  const bytes = await readFile(original);
  const kept = await keepUnderFreeName({ original, bytes, archiveDir, fileName: order.fileName });
  await assertSameBytes(original, kept);
  const entry = toEntry(order, path.basename(kept), bytes);
  await replaceFile(
    manifestPath,
    Buffer.from(renderManifest({ ...manifest, entries: [...manifest.entries, entry] })),
  );
  await assertSameBytes(original, kept);
  await removeFile(original);
  return kept;
}

/** The manifest to add to. Throws `file_not_readable` where another program's, or a broken one, stands there. */
export async function ownManifest(location: string): Promise<Manifest> {
  const found = await readManifest(location);
  if (found.kind === "manifest") return found.manifest;
  if (found.kind === "none") return { formatVersion: 1, entries: [] };
  const what = found.kind === "foreign" ? "is not a manifest of Godwit's" : found.message;
  throw new EngineError("file_not_readable", `${location} ${what}; nothing was moved.`, {
    hint: "Rename that file, so that Godwit can begin a manifest of its own, and call again.",
  });
}

interface Keeping {
  readonly original: string;
  readonly bytes: Uint8Array;
  readonly archiveDir: string;
  readonly fileName: string;
}

async function keepUnderFreeName({ original, bytes, archiveDir, fileName }: Keeping): Promise<string> {
  for (let copy = 1; ; copy += 1) {
    const kept = path.join(archiveDir, numberedName(fileName, copy));
    try {
      await keep(original, kept, bytes);
      return kept;
    } catch (error) {
      if (!(error instanceof EngineError && error.code === "file_exists")) throw error;
    }
  }
}

/** A second name for the same file where possible: what an editor still writes to the old name is kept too. */
async function keep(original: string, kept: string, bytes: Uint8Array): Promise<void> {
  const isLink = (await lstat(original)).isSymbolicLink();
  if (isLink || !(await linkNew(original, kept))) await createFile(kept, bytes);
}

/** The name for a further file of the same name: `.2`, `.3` … before the extension. */
export function numberedName(fileName: string, copy: number): string {
  if (copy === 1) return fileName;
  const extension = path.extname(fileName);
  return `${fileName.slice(0, fileName.length - extension.length)}.${copy}${extension}`;
}

async function assertSameBytes(original: string, kept: string): Promise<void> {
  const [before, after] = await Promise.all([readFile(original), readFile(kept)]);
  if (before.equals(after)) return;
  throw new EngineError(
    "file_not_readable",
    `${path.basename(original)} changed while it was archived; it was left in place, and ${kept} holds what it was.`,
    { hint: "Call again when nothing else writes to the file." },
  );
}

async function assertFile(location: string): Promise<void> {
  const stats = await lstat(location).catch((error: unknown) => {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (stats?.isFile() === true || stats?.isSymbolicLink() === true) return;
  throw new EngineError(
    "file_not_found",
    `There is no file ${path.basename(location)} in the migrations folder.`,
  );
}

function toEntry(order: ArchiveOrder, file: string, bytes: Uint8Array): ManifestEntry {
  const parsed = parseFileName(order.fileName);
  return {
    file,
    originalName: order.fileName,
    version: parsed?.version ?? "",
    name: parsed?.name ?? "",
    checksum: toBytesChecksum(bytes),
    bytes: bytes.byteLength,
    archivedAt: `${order.now.toISOString().slice(0, 19)}Z`,
    reason: order.reason,
  };
}
