import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { ReplayFile, ReplayFinding } from "./replay-file.ts";

/** What a replay led to, kept under what went into it. */
export interface KeptReplay {
  /** What the snapshot query answered. */
  readonly snapshot: unknown;
  readonly findings: readonly ReplayFinding[];
}

/** Names a state of the shadow: what it started from and every file since. */
export type StateKey = string;

// An image of a Supabase-like database takes 6 MB, of one with 1,000 tables 30.
const keptStates = 6;

/** The key of each state on the way: first that before any file, then one a file. */
export function stateKeys(start: readonly string[], files: readonly ReplayFile[]): readonly StateKey[] {
  const keys = [digest(start)];
  for (const { path, sql } of files) keys.push(digest([keys.at(-1) ?? "", path, sql]));
  return keys;
}

/** The last of the states that is kept with an image, by its place; undefined where none is. */
export async function findLongestKept(
  folder: string,
  keys: readonly StateKey[],
): Promise<number | undefined> {
  const names = new Set(await readdir(folder).catch(() => []));
  const found = keys.findLastIndex((key) => names.has(imageName(key)) && names.has(replayName(key)));
  return found === -1 ? undefined : found;
}

const keptReplay = z.object({
  snapshot: z.unknown(),
  findings: z.array(
    z.object({
      file: z.string(),
      line: z.number(),
      cause: z.string(),
      sqlstate: z.exactOptional(z.string()),
    }),
  ),
});

/** What a state's replay led to; undefined where it is not kept or cannot be read. */
export async function readKeptReplay(folder: string, key: StateKey): Promise<KeptReplay | undefined> {
  const text = await readFile(join(folder, replayName(key)), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return keptReplay.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The image of a state. Rejects where it is not kept. */
export async function readKeptImage(folder: string, key: StateKey): Promise<Uint8Array> {
  return readFile(join(folder, imageName(key)));
}

/** Keeps a state and forgets those used longest ago. A folder that cannot be written keeps nothing. */
export async function keepReplay(
  folder: string,
  key: StateKey,
  kept: KeptReplay & { readonly image: Uint8Array },
): Promise<void> {
  const { image, ...replay } = kept;
  try {
    await mkdir(folder, { recursive: true });
    await writeWhole(join(folder, imageName(key)), image);
    await writeWhole(join(folder, replayName(key)), JSON.stringify(replay));
    await forgetOldest(folder);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

async function forgetOldest(folder: string): Promise<void> {
  const images = (await readdir(folder)).filter((name) => /^shadow-[0-9a-f]{32}\.tar\.gz$/.test(name));
  const dated = await Promise.all(
    images.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = dated.toSorted((one, other) => other.at - one.at).slice(keptStates);
  for (const { name } of old) {
    await rm(join(folder, name), { force: true });
    await rm(join(folder, name.replace(/\.tar\.gz$/, ".json")), { force: true });
  }
}

async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, content);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function imageName(key: StateKey): string {
  return `shadow-${key}.tar.gz`;
}

function replayName(key: StateKey): string {
  return `shadow-${key}.json`;
}

function digest(parts: readonly string[]): StateKey {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, 32);
}
