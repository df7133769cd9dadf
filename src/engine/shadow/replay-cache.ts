import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { ReplayFile, ReplayFinding } from "./replay-file.ts";

/** What a replay led to, kept under what went into it. */
export interface KeptReplay {
  /** What the snapshot query answered. */
  readonly snapshot: unknown;
  readonly findings: readonly ReplayFinding[];
}

/** A kept replay with the data folder that it ended in, as a gzipped tar. */
export interface KeptState extends KeptReplay {
  readonly image: Uint8Array;
}

/** Names a state of the shadow: what it started from and every file since. */
export type StateKey = string;

/** What the folder may hold. An image of a Supabase-like database takes 6 MB, of one with 1,000 tables 30. */
export interface CacheLimits {
  readonly states: number;
  readonly bytes: number;
}

const defaultLimits: CacheLimits = { states: 8, bytes: 200_000_000 };

// A draft that is older belongs to a process that died while it wrote.
const draftLifeMs = 3_600_000;

/** The key of each state on the way: first that before any file, then one a file. */
export function stateKeys(start: readonly string[], files: readonly ReplayFile[]): readonly StateKey[] {
  const keys = [digest(start)];
  for (const { path, sql } of files) keys.push(digest([keys.at(-1) ?? "", path, sql]));
  return keys;
}

/** The last of the states that is kept and sound, with its place; undefined where none is. */
export async function readLongestKept(
  folder: string,
  keys: readonly StateKey[],
): Promise<{ readonly place: number; readonly state: KeptState } | undefined> {
  const names = new Set(await readdir(folder).catch(() => []));
  for (const [index, key] of keys.toReversed().entries()) {
    if (!names.has(replayName(key)) || !names.has(imageName(key))) continue;
    const replay = await readKeptReplay(folder, key);
    const image = await readSound(join(folder, imageName(key)));
    if (replay !== undefined && image !== undefined)
      return { place: keys.length - 1 - index, state: { ...replay, image } };
  }
  return undefined;
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

/** What a state's replay led to; undefined where it is not kept whole. Counts as a use of the state. */
export async function readKeptReplay(folder: string, key: StateKey): Promise<KeptReplay | undefined> {
  const content = await readSound(join(folder, replayName(key)));
  if (content === undefined) return undefined;
  const now = new Date();
  await utimes(join(folder, replayName(key)), now, now).catch(() => undefined);
  return keptReplay.parse(JSON.parse(content.toString("utf8")));
}

/** Keeps a state and forgets those used longest ago. A folder that cannot be written keeps nothing. */
export async function keepState(
  folder: string,
  key: StateKey,
  { state, limits = defaultLimits }: { readonly state: KeptState; readonly limits?: CacheLimits },
): Promise<void> {
  const { image, ...replay } = state;
  try {
    await mkdir(folder, { recursive: true });
    await keepOutOfGit(folder);
    // The image first: a replay without its image is never written.
    await writeSound(join(folder, imageName(key)), image);
    await writeSound(join(folder, replayName(key)), Buffer.from(JSON.stringify(replay)));
    await forgetOldest(folder, limits);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

/** Forgets a state, such as one that no instance starts from. */
export async function forgetState(folder: string, key: StateKey): Promise<void> {
  await rm(join(folder, replayName(key)), { force: true });
  await rm(join(folder, imageName(key)), { force: true });
}

interface KeptFile {
  readonly name: string;
  readonly bytes: number;
  readonly usedMs: number;
}

async function forgetOldest(folder: string, limits: CacheLimits): Promise<void> {
  const files = await listFiles(folder);
  const usedMs = (key: string) => files.find(({ name }) => name === replayName(key))?.usedMs ?? 0;
  const keys = [...new Set(files.flatMap(({ name }) => keyOf(name) ?? []))];
  const newestFirst = keys.toSorted((one, other) => usedMs(other) - usedMs(one));
  let bytes = 0;
  for (const [index, key] of newestFirst.entries()) {
    bytes += files.filter(({ name }) => keyOf(name) === key).reduce((sum, file) => sum + file.bytes, 0);
    const isNewest = index === 0;
    if (!isNewest && (index >= limits.states || bytes > limits.bytes)) await forgetState(folder, key);
  }
  const deadline = Date.now() - draftLifeMs;
  const dead = files.filter(({ name, usedMs: at }) => name.endsWith(".draft") && at < deadline);
  for (const { name } of dead) await rm(join(folder, name), { force: true });
}

/** The cache's own files; one that another process removes meanwhile is left out. */
async function listFiles(folder: string): Promise<readonly KeptFile[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("shadow-"));
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found === undefined ? [] : [{ name, bytes: found.size, usedMs: found.mtimeMs }];
    }),
  );
  return files.flat();
}

/** Behind a line with its digest, so that a file that a crash cut short is known for what it is. */
async function writeSound(path: string, content: Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await writeFile(draft, [Buffer.from(`${digestOf(content)}\n`), content]);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The content as it was written; undefined where the file is absent or holds anything else. */
async function readSound(path: string): Promise<Buffer | undefined> {
  const whole = await readFile(path).catch(() => undefined);
  if (whole === undefined) return undefined;
  const end = whole.indexOf("\n");
  const content = whole.subarray(end + 1);
  return whole.subarray(0, end).toString("latin1") === digestOf(content) ? content : undefined;
}

async function keepOutOfGit(folder: string): Promise<void> {
  await writeFile(join(folder, ".gitignore"), "*\n", { flag: "wx" }).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
}

function imageName(key: StateKey): string {
  return `shadow-${key}.image`;
}

function replayName(key: StateKey): string {
  return `shadow-${key}.replay`;
}

function keyOf(fileName: string): StateKey | undefined {
  return /^shadow-([0-9a-f]{32})\.(?:image|replay)$/.exec(fileName)?.[1];
}

function digest(parts: readonly string[]): StateKey {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, 32);
}

function digestOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
