// Bundles sources, which Node 20 cannot run as they are, and imports the bundle.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What scripts write that can be made again. */
export const cache = join(root, "node_modules", ".cache", "godwit");

/** What these lines export, paths from the checkout's root. The bundle lies in `folder`, where it finds packages and what the sources look for beside them. */
export async function bundleSources(exportLines, folder = cache) {
  // Imported late: the packages may not be installed when this file is read.
  const { build } = await import("esbuild");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `bundle-${process.pid}.mjs`);
  await build({
    absWorkingDir: root,
    stdin: { contents: exportLines, resolveDir: root },
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    logLevel: "warning",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
