import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { EngineError } from "../errors.ts";
import type { SessionDatabase, TargetDescription } from "../ports.ts";
import { takeFileLock } from "./file-lock.ts";
import { pgliteDatabase } from "./pglite.ts";
import { readStandInImage } from "./stand-in-image.ts";
import { makeStandInImage, startPglite, type StartedPglite } from "./start-pglite.ts";

export interface EmbeddedTarget {
  /** Absolute folder, made with its parents where missing, or nothing on disk. */
  readonly dataDir: string | "memory";
  /** The folder as people are told it; the folder itself where absent. */
  readonly shownDir?: string;
  readonly projectId?: string;
}

/**
 * Opens the embedded database; a fresh one starts as a Supabase-like project. One process at a time has a folder: throws
 * `target_in_use` where another has it, `invalid_settings` where the folder holds something else.
 */
export async function openPglite(target: EmbeddedTarget): Promise<SessionDatabase> {
  return target.dataDir === "memory" ? openInMemory(target) : openFolder(target);
}

async function openInMemory(target: EmbeddedTarget): Promise<SessionDatabase> {
  const image = await readStandInImage(undefined, makeStandInImage);
  const started = await startPglite({ image });
  return pgliteDatabase(started, describeTarget(target, "memory"), () => closeInstance(started));
}

interface OpenFolder {
  readonly database: Promise<SessionDatabase>;
  users: number;
}

/** A folder has one instance in a process, whoever opens it: PGlite would corrupt it otherwise. */
const openFolders = new Map<string, OpenFolder>();

/** Instances on their way out; who opens the folder again waits for them. */
const closingFolders = new Map<string, Promise<void>>();

async function openFolder(target: EmbeddedTarget): Promise<SessionDatabase> {
  const folder = resolve(target.dataDir);
  const open = openFolders.get(folder) ?? { database: startInFolder(target, folder), users: 0 };
  openFolders.set(folder, open);
  open.users += 1;
  const database = await open.database.catch((error: unknown) => {
    openFolders.delete(folder);
    throw error;
  });
  return { ...database, close: closeOnce(() => leaveFolder(folder, open)) };
}

async function leaveFolder(folder: string, open: OpenFolder): Promise<void> {
  open.users -= 1;
  if (open.users > 0) return;
  openFolders.delete(folder);
  const closing = open.database.then((database) => database.close());
  closingFolders.set(folder, closing);
  await closing.finally(() => closingFolders.delete(folder));
}

async function startInFolder(target: EmbeddedTarget, folder: string): Promise<SessionDatabase> {
  await closingFolders.get(folder);
  await makeFolder(folder);
  const lock = await takeFileLock(`${folder}.lock`);
  if (lock.kind === "taken") {
    throw new EngineError(
      "target_in_use",
      `Process ${lock.pid} has the embedded database in ${folder} open.`,
    );
  }
  try {
    const started = await startOnFolder(folder);
    return pgliteDatabase(started, describeTarget(target, folder), async () => {
      await closeInstance(started);
      await lock.release();
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startOnFolder(folder: string): Promise<StartedPglite> {
  const unfinished = `${folder}.unfinished`;
  const state = await readFolderState(folder, unfinished);
  if (state === "database") return startExisting(folder);
  const image = await readStandInImage(join(dirname(folder), "cache"), makeStandInImage);
  // Marks a folder that a killed process has half filled: nobody has used it yet, so that it may be filled anew.
  await writeFile(unfinished, "");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const started = await startPglite({ dataDir: folder, image });
  await rm(unfinished);
  return started;
}

async function startExisting(folder: string): Promise<StartedPglite> {
  try {
    return await startPglite({ dataDir: folder });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      "target_unreachable",
      `The embedded database in ${folder} could not be started: ${reason}`,
      { hint: "Give another --data-dir, or restore the folder from a copy." },
      cause,
    );
  }
}

async function readFolderState(folder: string, unfinished: string): Promise<"database" | "fresh"> {
  const [files, siblings] = await Promise.all([readdir(folder), readdir(dirname(folder))]);
  if (files.length === 0 || siblings.includes(basename(unfinished))) return "fresh";
  if (files.includes("PG_VERSION")) return "database";
  throw new EngineError(
    "invalid_settings",
    `The folder ${folder} for the embedded database holds other files and no database.`,
    { hint: "Give an empty or a new folder with --data-dir." },
  );
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await keepOutOfGit(dirname(folder));
  } catch (cause) {
    throw new EngineError(
      "target_unreachable",
      `The folder ${folder} for the embedded database cannot be made.`,
      { hint: "Give a folder that can be written with --data-dir, or --data-dir memory." },
      cause,
    );
  }
}

async function closeInstance({ pglite }: StartedPglite): Promise<void> {
  if (!pglite.closed) await pglite.close();
}

function closeOnce(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= close());
}

function describeTarget(target: EmbeddedTarget, place: string): TargetDescription {
  return {
    engine: "pglite",
    id: target.projectId ?? `embedded:${place}`,
    label: `embedded database in ${place === "memory" ? place : (target.shownDir ?? place)}`,
    pooling: "none",
  };
}

/** Godwit's own folder in a project is nobody's to commit. Other folders are left as they are. */
async function keepOutOfGit(parent: string): Promise<void> {
  if (basename(parent) !== ".godwit") return;
  await writeFile(join(parent, ".gitignore"), "*\n", { flag: "wx" }).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
}
