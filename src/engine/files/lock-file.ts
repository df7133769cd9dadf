import { open, rename, rm, stat } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { EngineError } from "../errors.ts";
import { systemCodeOf } from "./paths.ts";

const pollMs = 20;
const waitMs = 5_000;
/** No holder keeps a lock for longer than a few file operations; an older one was left by a killed process. */
const staleMs = 10_000;

/** Runs while holding a lock file that other Godwit processes respect. Throws `folder_not_writable` where it never comes free. */
export async function withLockFile<T>(
  location: string,
  use: () => Promise<T>,
  staleAfterMs: number = staleMs,
): Promise<T> {
  await takeLock(location, staleAfterMs);
  try {
    return await use();
  } finally {
    await rm(location, { force: true });
  }
}

async function takeLock(location: string, staleAfterMs: number): Promise<void> {
  for (let waited = 0; waited <= waitMs; waited += pollMs) {
    if (await createLock(location)) return;
    await removeStale(location, staleAfterMs);
    await sleep(pollMs);
  }
  throw new EngineError("folder_not_writable", `Another process holds ${location}.`, {
    hint: "End the other process, or remove the file if there is none; then call again.",
  });
}

async function createLock(location: string): Promise<boolean> {
  try {
    const file = await open(location, "wx");
    await file.close();
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Renames before removing, so that of two processes only one removes it. */
async function removeStale(location: string, staleAfterMs: number): Promise<void> {
  const stats = await stat(location).catch(() => undefined);
  if (stats === undefined || Date.now() - stats.mtimeMs < staleAfterMs) return;
  const taken = `${location}-${randomUUID()}`;
  await rename(location, taken).catch(() => undefined);
  await rm(taken, { force: true });
}
