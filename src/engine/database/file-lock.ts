import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { readProcessStart } from "./process-start.ts";

/** Either the lock is ours until `release`, or a living process has it. */
export type FileLock =
  | { readonly kind: "held"; readonly release: () => Promise<void> }
  | { readonly kind: "taken"; readonly pid: number };

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same id; absent where the system does not say. */
  readonly startedAt?: string;
  readonly token: string;
}

/** A dead process's lock is given up for another, so that a taker who dies while taking over never blocks the next. */
const depthOfTakeOver = 3;

/** Takes the lock at `path` across processes. What a dead process left behind is taken over by exactly one. */
export async function takeFileLock(path: string): Promise<FileLock> {
  return takeLock(path, await describeOwnProcess(), depthOfTakeOver);
}

/** Runs alone among all processes that use this lock, waiting for the others as long as it takes. */
export async function withFileLock<T>(path: string, use: () => Promise<T>): Promise<T> {
  for (;;) {
    const lock = await takeFileLock(path);
    if (lock.kind === "taken") {
      await sleep(100);
      continue;
    }
    try {
      return await use();
    } finally {
      await lock.release();
    }
  }
}

async function takeLock(path: string, own: Holder, depth: number): Promise<FileLock> {
  for (;;) {
    if (await createLockFile(path, own)) return heldLock(path, own);
    const holder = await readHolder(path);
    if (holder === "gone") continue;
    if (holder !== "unreadable" && (await isAlive(holder))) return { kind: "taken", pid: holder.pid };
    if (await takeOver(path, own, { holder, depth })) return heldLock(path, own);
  }
}

/** Replaces a dead holder's lock under a lock on the replacing itself; false where somebody else was first. */
async function takeOver(
  path: string,
  own: Holder,
  stale: { readonly holder: Holder | "unreadable"; readonly depth: number },
): Promise<boolean> {
  if (stale.depth === 0) throw new Error(`The lock file ${path} cannot be taken over; remove it by hand.`);
  const right = await takeLock(`${path}.takeover`, own, stale.depth - 1);
  if (right.kind === "taken") {
    await sleep(20);
    return false;
  }
  try {
    if (!isSameHolder(await readHolder(path), stale.holder)) return false;
    const draft = `${path}.${own.token}`;
    await writeFile(draft, JSON.stringify(own));
    await rename(draft, path);
    return true;
  } finally {
    await right.release();
  }
}

function heldLock(path: string, own: Holder): FileLock {
  return {
    kind: "held",
    release: async () => {
      const holder = await readHolder(path);
      if (isSameHolder(holder, own)) await rm(path, { force: true });
    },
  };
}

async function createLockFile(path: string, own: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(own), { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** A lock file may be seen between its creation and its first byte: it is unreadable only if it stays so. */
async function readHolder(path: string): Promise<Holder | "gone" | "unreadable"> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const holder = await readHolderOnce(path);
    if (holder !== "unreadable") return holder;
    await sleep(25);
  }
  return "unreadable";
}

async function readHolderOnce(path: string): Promise<Holder | "gone" | "unreadable"> {
  try {
    const holder: unknown = JSON.parse(await readFile(path, "utf8"));
    return isHolder(holder) ? holder : "unreadable";
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "gone";
    if (error instanceof SyntaxError) return "unreadable";
    throw error;
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === "object" &&
    value !== null &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "token" in value &&
    typeof value.token === "string"
  );
}

function isSameHolder(found: Holder | "gone" | "unreadable", expected: Holder | "unreadable"): boolean {
  if (typeof found === "string" || typeof expected === "string") return found === expected;
  return found.token === expected.token;
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (!canBeSignalled(holder.pid)) return false;
  const startedAt = await readProcessStart(holder.pid);
  return startedAt === undefined || holder.startedAt === undefined || startedAt === holder.startedAt;
}

/** EPERM says that the process lives and belongs to somebody else. */
function canBeSignalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

async function describeOwnProcess(): Promise<Holder> {
  const startedAt = await readProcessStart(process.pid);
  return { pid: process.pid, token: randomUUID(), ...(startedAt === undefined ? {} : { startedAt }) };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
