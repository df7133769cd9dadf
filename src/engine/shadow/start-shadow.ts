import { readPgliteVersion } from "../database/pglite-version.ts";
import { readEmptyImage, readStandInImage } from "../database/stand-in-image.ts";
import { makeEmptyImage, makeStandInImage } from "../database/start-pglite.ts";
import { standInDigest, writeExtensionFiles } from "../stand-in/index.ts";
import { startInstance, type Instance, type InstanceFile } from "./instance.ts";

/** What a shadow looks like before the first file: a fresh Supabase project, or an empty database. */
export type ShadowLikeness = "supabase" | "postgres";

/** Starts a shadow from an image of an earlier one, or else as a fresh project of its likeness; either knows every extension by name. */
export async function startShadow(options: {
  readonly likeness: ShadowLikeness;
  readonly image: Uint8Array | undefined;
  readonly cacheFolder: string | undefined;
  readonly memoryBytes: number;
}): Promise<Instance> {
  const { likeness, memoryBytes, cacheFolder } = options;
  const isSupabase = likeness === "supabase";
  const fresh = () =>
    isSupabase
      ? readStandInImage(cacheFolder, makeStandInImage)
      : readEmptyImage(cacheFolder, makeEmptyImage);
  return startInstance({
    image: options.image ?? (await fresh()),
    settings: ["-c", `search_path=${searchPaths[likeness]}`, "-c", "TimeZone=UTC"],
    files: listExtensionFiles(),
    memoryBytes,
  });
}

// The platform's setting, and the server's own default.
const searchPaths: Readonly<Record<ShadowLikeness, string>> = {
  supabase: '"$user", public, extensions',
  postgres: '"$user", public',
};

/** What a fresh shadow is made of, as texts that change whenever it does. */
export async function describeFreshShadow(likeness: ShadowLikeness): Promise<readonly string[]> {
  return [await readPgliteVersion(), likeness, standInDigest()];
}

function listExtensionFiles(): readonly InstanceFile[] {
  const files: InstanceFile[] = [];
  writeExtensionFiles({ writeFile: (path, content) => files.push({ path, content }) });
  return files;
}
