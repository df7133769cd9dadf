import { dirname } from "node:path";
import type { PGlite, protocol as Protocol } from "@electric-sql/pglite";
import { installStandIn, writeExtensionFiles, type StandInInstance } from "../stand-in/index.ts";

/** A started instance and the protocol module of the same package. */
export interface StartedPglite {
  readonly pglite: PGlite;
  readonly protocol: typeof Protocol;
}

/** What an instance starts from: an empty cluster, an image, or what its folder holds. */
interface StartOptions {
  /** Absolute; in memory where absent. */
  readonly dataDir?: string;
  readonly image?: Uint8Array;
}

/** Starts PGlite on a folder that holds a database, or on an image, with every extension known to CREATE EXTENSION. */
export async function startPglite(options: StartOptions): Promise<StartedPglite> {
  const { PGlite, protocol } = await import("@electric-sql/pglite");
  // One unexplained failure in about 500 starts under load was seen; a second try has always succeeded.
  const pglite = await createInstance(PGlite, options).catch(() => createInstance(PGlite, options));
  writeExtensionFiles(standInInstance(pglite));
  return { pglite, protocol };
}

/** Makes the image of a fresh Supabase-like project; takes some seconds. */
export async function makeStandInImage(): Promise<Uint8Array> {
  return makeImage((pglite) => installStandIn(standInInstance(pglite)));
}

/** Makes the image of an empty database, since initdb takes several times as long as starting from it. */
export async function makeEmptyImage(): Promise<Uint8Array> {
  return makeImage(async () => undefined);
}

async function makeImage(fill: (pglite: PGlite) => Promise<void>): Promise<Uint8Array> {
  const { pglite } = await startPglite({});
  try {
    await fill(pglite);
    const image = await pglite.dumpDataDir("gzip");
    return new Uint8Array(await image.arrayBuffer());
  } finally {
    await pglite.close();
  }
}

/** The settings of a Supabase project; `-O`, which PGlite starts with, would allow changes of system tables that no server allows. */
function startParams(defaults: readonly string[]): string[] {
  return [
    ...defaults.filter((parameter) => parameter !== "-O"),
    ...["-c", 'search_path="$user", public, extensions'],
    ...["-c", "TimeZone=UTC"],
  ];
}

async function createInstance(pgliteClass: typeof PGlite, options: StartOptions): Promise<PGlite> {
  return pgliteClass.create({
    dataDir: options.dataDir ?? "memory://",
    startParams: startParams(pgliteClass.defaultStartParams),
    ...(options.image === undefined ? {} : { loadDataDir: new Blob([new Uint8Array(options.image)]) }),
  });
}

function standInInstance(pglite: PGlite): StandInInstance {
  return {
    exec: (text) => pglite.exec(text),
    writeFile: (path, content) => writeInstanceFile(pglite, path, content),
  };
}

/** Writes to the instance's own file system, where PGlite's installation lies. */
export function writeInstanceFile({ Module }: PGlite, path: string, content: string | Uint8Array): void {
  Module.FS.mkdirTree(dirname(path));
  Module.FS.writeFile(path, content);
}
