import { randomUUID } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import { systemCodeOf } from "./paths.ts";

/** What file systems without hard links answer to link(2). */
const noLinkCodes = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"]);

/** Makes a file with these bytes, durable and complete when it appears. Throws `file_exists` and never overwrites. */
export async function createFile(location: string, bytes: Uint8Array): Promise<void> {
  const temporary = await writeTemporary(location, bytes);
  try {
    const isLinked = await linkNew(temporary, location);
    if (!isLinked) await writeNew(location, bytes);
    await syncFolder(path.dirname(location));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Puts a file in the place of an older one, in one move. */
export async function replaceFile(location: string, bytes: Uint8Array): Promise<void> {
  const temporary = await writeTemporary(location, bytes);
  try {
    await rename(temporary, location);
    await syncFolder(path.dirname(location));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Gives a file a second name. False where the file system has no such links; throws `file_exists`. */
export async function linkNew(existing: string, location: string): Promise<boolean> {
  try {
    await link(existing, location);
    return true;
  } catch (error) {
    if (noLinkCodes.has(systemCodeOf(error) ?? "")) return false;
    throw asFileExists(error, location);
  }
}

/** Removes one name of a file, durably. */
export async function removeFile(location: string): Promise<void> {
  await rm(location, { force: true });
  await syncFolder(path.dirname(location));
}

async function writeTemporary(location: string, bytes: Uint8Array): Promise<string> {
  const temporary = path.join(path.dirname(location), `.godwit-${randomUUID()}.tmp`);
  await writeNew(temporary, bytes);
  return temporary;
}

async function writeNew(location: string, bytes: Uint8Array): Promise<void> {
  const file = await open(location, "wx", 0o644).catch((error: unknown) => {
    throw asFileExists(error, location);
  });
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await rm(location, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Makes names in a folder durable. Some systems cannot open a folder to sync it; the files themselves are synced by then. */
export async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, "r").catch(() => undefined);
  if (opened === undefined) return;
  await opened.sync().catch(() => undefined);
  await opened.close();
}

function asFileExists(error: unknown, location: string): unknown {
  if (systemCodeOf(error) !== "EEXIST") return error;
  const fileName = path.basename(location);
  return new EngineError(
    "file_exists",
    `${fileName} exists already and was left as it is.`,
    { file: fileName },
    error,
  );
}
