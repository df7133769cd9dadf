import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { imageFileName } from "../stand-in/index.ts";
import { withFileLock } from "./file-lock.ts";
import { readPgliteVersion } from "./pglite-version.ts";

/** Makes the bytes of an image: a data folder with the Supabase stand-in installed, as a gzipped tar. */
export type MakeImage = () => Promise<Uint8Array>;

/**
 * The image that fresh embedded databases start from: the one shipped beside the program, else the one in `cacheFolder`,
 * else a new one, kept in `cacheFolder` where that can be written.
 */
export async function readStandInImage(
  cacheFolder: string | undefined,
  make: MakeImage,
): Promise<Uint8Array> {
  const fileName = imageFileName({ pgliteVersion: await readPgliteVersion() });
  for (const folder of shippedFolders()) {
    const shipped = await readIfThere(join(folder, fileName));
    if (shipped !== undefined) return shipped;
  }
  const folder = sourceCacheFolder() ?? cacheFolder;
  return folder === undefined ? make() : readCachedImage(join(folder, fileName), make);
}

/** The image of an empty database of this PGlite version: the one in `cacheFolder`, else a new one, kept there where that can be written. */
export async function readEmptyImage(cacheFolder: string | undefined, make: MakeImage): Promise<Uint8Array> {
  const fileName = `empty-${await readPgliteVersion()}.tar.gz`;
  const folder = sourceCacheFolder() ?? cacheFolder;
  return folder === undefined ? make() : readCachedImage(join(folder, fileName), make);
}

/** Writes an image so that a reader sees all of it or nothing; the build uses it to ship one. */
export async function writeImage(path: string, image: Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, image);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

async function readCachedImage(path: string, make: MakeImage): Promise<Uint8Array> {
  const cached = await readIfThere(path);
  if (cached !== undefined) return cached;
  if (!(await canMakeFolder(dirname(path)))) return make();
  return withFileLock(`${path}.lock`, async () => {
    const madeMeanwhile = await readIfThere(path);
    if (madeMeanwhile !== undefined) return madeMeanwhile;
    const image = await make();
    await writeImage(path, image);
    return image;
  });
}

/** The bundle lies in `dist/`, its chunks in a folder below. */
function shippedFolders(): readonly string[] {
  return ["./stand-in/", "../stand-in/"].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
}

/** Running from source, every checkout keeps its images with its packages. */
function sourceCacheFolder(): string | undefined {
  if (!import.meta.url.endsWith(".ts")) return undefined;
  return fileURLToPath(new URL("../../../node_modules/.cache/godwit", import.meta.url));
}

async function canMakeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
