import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { standInFolder } from "./folder.ts";

/** One file of an extension built for PGlite; the path is relative to PGlite's installation folder. */
export type BundledFile = { readonly path: string; readonly content: Uint8Array };

// Peer ranges keep these two out of the run-time dependencies: the build copies their archives, the source tree has the packages.
const packagedBundles = [
  { packageName: "@electric-sql/pglite-pgvector", fileName: "vector.tar.gz" },
  { packageName: "@electric-sql/pglite-pgmq", fileName: "pgmq.tar.gz" },
];

const blockBytes = 512;

/** The archives of every extension built for PGlite: those it ships and, from their own packages, vector and pgmq. */
export const listBundles = (): readonly URL[] => [...listShippedBundles(), ...listPackagedBundles()];

/** The archives to copy to `dist/stand-in/bundles` when the program is built. */
export const listPackagedBundles = (): readonly URL[] =>
  packagedBundles.map(({ packageName, fileName }) => {
    const copied = new URL(`bundles/${fileName}`, standInFolder());
    return existsSync(copied) ? copied : new URL(fileName, folderOf(packageName));
  });

/** The files in one archive (tar, gzip); folders and links are left out, PGlite's archives hold none. */
export const readBundle = (bundle: URL): readonly BundledFile[] => readTar(gunzipSync(readFileSync(bundle)));

const listShippedBundles = (): readonly URL[] => {
  const folder = folderOf("@electric-sql/pglite");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".tar.gz"))
    .toSorted()
    .map((file) => new URL(file, folder));
};

const folderOf = (packageName: string): URL =>
  new URL("./", pathToFileURL(createRequire(import.meta.url).resolve(packageName)));

// Layout of a header block: POSIX.1-1988 (ustar); name at 0, size in octal at 124, kind at 156.
const readTar = (archive: Uint8Array): readonly BundledFile[] => {
  const files: BundledFile[] = [];
  let offset = 0;
  while (offset + blockBytes <= archive.length) {
    const path = readText(archive, offset, 100);
    if (path === "") break;
    const bytes = Number.parseInt(readText(archive, offset + 124, 12), 8) || 0;
    const kind = readText(archive, offset + 156, 1);
    const start = offset + blockBytes;
    if (kind === "0" || kind === "") files.push({ path, content: archive.subarray(start, start + bytes) });
    offset = start + Math.ceil(bytes / blockBytes) * blockBytes;
  }
  return files;
};

const readText = (archive: Uint8Array, offset: number, bytes: number): string =>
  new TextDecoder().decode(archive.subarray(offset, offset + bytes)).replace(/\0[\s\S]*$/, "");
