import { lstat, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import type { FileChange } from "../model/history-change.ts";
import { numberedName } from "./archive.ts";
import {
  readJournal,
  removeJournal,
  sha256Of,
  stagingFolder,
  writeJournal,
  type Journal,
  type PlacedFile,
} from "./change-journal.ts";
import { createFile, linkNew, removeFile, syncFolder } from "./create-file.ts";
import { withLockFile } from "./lock-file.ts";
import { archiveFolderName } from "./manifest.ts";
import { mapBounded } from "./map-bounded.ts";
import { planChanges } from "./plan-changes.ts";
import { appendSummary } from "./reconciliation-summary.ts";
import { assertStaysInProject, whereWritable } from "./write-migration.ts";

/** One change of the folder that belongs to one change of the history. */
export interface ChangeOrder {
  readonly dir: string;
  readonly projectDir: string;
  readonly runId: string;
  readonly target: string;
  readonly changes: readonly FileChange[];
  readonly summary: string;
  readonly now: Date;
  /** Told before each step, by its number; what it throws stops the change there, to be undone. */
  readonly beforeStep: (step: number) => void;
}

/**
 * Makes all changes, each file at its new place and durable, with the journal still there: `keepChanges` or `undoChanges` ends it.
 * Bytes are never copied over or removed: what leaves its place is moved aside first, and looked at there.
 * Throws `plan_is_stale`, `file_exists`, `file_not_readable`, `path_outside_folder`, `folder_not_writable`; then nothing or a journal is left.
 */
export async function changeFiles(order: ChangeOrder): Promise<void> {
  const { dir, projectDir, runId, beforeStep } = order;
  const archiveDir = path.join(dir, archiveFolderName);
  await assertStaysInProject(dir, projectDir);
  await assertStaysInProject(archiveDir, projectDir);
  const { moved, added, staged } = await planChanges(dir, order.changes, order.now);
  const begunAt = `${order.now.toISOString().slice(0, 19)}Z`;
  const { target, summary } = order;
  const journal: Journal = { formatVersion: 1, runId, target, begunAt, moved, added, summary };
  let step = 0;
  const next = () => beforeStep((step += 1));
  await whereWritable(archiveDir, async () => {
    next();
    await writeJournal(dir, journal);
    await withManifestLock(dir, async () => {
      const staging = stagingFolder(dir, runId);
      next();
      await mapBounded([...staged], ([index, bytes]) =>
        createFile(path.join(staging, `new-${index}`), bytes),
      );
      for (const [index, file] of moved.entries()) {
        next();
        await moveAside(placeOf(dir, file), path.join(staging, `old-${index}`), file);
      }
      for (const [index, file] of added.entries()) {
        next();
        await giveName(stagedName(staging, file, index), placeOf(dir, file));
      }
      await Promise.all([dir, archiveDir, staging].map(syncFolder));
    });
    next();
  });
}

/** Ends a change whose history is committed: the summary is written, the journal goes. Fine to call again. */
export async function keepChanges(dir: string, runId: string): Promise<void> {
  const journal = await readJournal(dir, runId);
  if (journal === undefined) return;
  await whereWritable(dir, async () => {
    await appendSummary(path.join(dir, archiveFolderName), journal);
    await removeJournal(dir, runId);
  });
}

/** Takes a change back as far as it came: what it added goes, what it moved returns. Fine to call again, also half-way. */
export async function undoChanges(dir: string, runId: string): Promise<void> {
  const journal = await readJournal(dir, runId);
  if (journal === undefined) return;
  const staging = stagingFolder(dir, runId);
  await whereWritable(dir, async () => {
    await withManifestLock(
      dir,
      async () => {
        for (const [index, file] of [...journal.added.entries()].toReversed()) {
          await takeName(stagedName(staging, file, index), placeOf(dir, file), file);
        }
        for (const [index, file] of journal.moved.entries()) {
          await giveBack(path.join(staging, `old-${index}`), placeOf(dir, file));
        }
        await Promise.all([dir, path.join(dir, archiveFolderName)].map(syncFolder));
      },
      undoStaleMs,
    );
    await removeJournal(dir, runId);
  });
}

/** Whoever undoes holds the history's lock, so an older holder of this one was the killed change itself. */
const undoStaleMs = 1_000;

function withManifestLock(dir: string, use: () => Promise<void>, staleAfterMs?: number): Promise<void> {
  return withLockFile(path.join(dir, archiveFolderName, ".godwit-manifest.lock"), use, staleAfterMs);
}

function placeOf(dir: string, file: PlacedFile): string {
  return path.join(dir, ...file.path.split("/"));
}

function stagedName(staging: string, file: Journal["added"][number], index: number): string {
  return path.join(staging, file.from === undefined ? `new-${index}` : `old-${file.from}`);
}

/** Whatever lies there at this moment is moved, so that no other program's write can be lost; a surprise is found afterwards. */
async function moveAside(location: string, aside: string, file: PlacedFile): Promise<void> {
  await rename(location, aside);
  const isLink = (await lstat(aside)).isSymbolicLink();
  if (isLink || sha256Of(await readFile(aside)) === file.sha256) return;
  throw new EngineError("plan_is_stale", `${file.path} changed while it was moved. Nothing was changed.`, {
    hint: "Call the same tool without confirm to plan anew.",
  });
}

async function giveName(existing: string, location: string): Promise<void> {
  if (!(await linkNew(existing, location))) await createFile(location, await readFile(existing));
}

/** Removes what the change put there, and nothing that somebody else did since: then the file stays. */
async function takeName(staged: string, location: string, file: PlacedFile): Promise<void> {
  const [ours, there] = await Promise.all([statOf(staged), statOf(location)]);
  if (ours === undefined || there === undefined) return;
  const isSame = ours.ino === there.ino && ours.dev === there.dev;
  const isCopy = ours.nlink === 1 && (await shaOf(location)) === file.sha256;
  if (isSame || isCopy) await removeFile(location);
}

/** Back to its place; beside it, as one more archived file, where somebody put another one there since. */
async function giveBack(aside: string, location: string): Promise<void> {
  const stats = await statOf(aside);
  if (stats === undefined) return;
  for (let copy = 1; ; copy += 1) {
    try {
      await giveName(aside, copy === 1 ? location : besideOf(location, copy));
      return;
    } catch (error) {
      const isTaken = error instanceof EngineError && error.code === "file_exists";
      if (!isTaken) throw error;
      if ((await shaOf(location)) === (await shaOf(aside))) return;
    }
  }
}

/** In the archive, where a migration can have any name without being one. */
function besideOf(location: string, copy: number): string {
  const folder = path.dirname(location);
  const archiveDir =
    path.basename(folder) === archiveFolderName ? folder : path.join(folder, archiveFolderName);
  return path.join(archiveDir, numberedName(path.basename(location), copy));
}

async function statOf(
  location: string,
): Promise<{ readonly ino: bigint; readonly dev: bigint; readonly nlink: number } | undefined> {
  const stats = await lstat(location, { bigint: true }).catch(() => undefined);
  return stats === undefined ? undefined : { ino: stats.ino, dev: stats.dev, nlink: Number(stats.nlink) };
}

async function shaOf(location: string): Promise<string | undefined> {
  return readFile(location).then(sha256Of, () => undefined);
}
