// What the benchmarks share: the sources as one bundle, an engine's ordinary settings, a clock, and the median.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** What these lines export from the sources. The bundle lies in `folder`, where it finds the packages and what the sources look for beside them. */
export async function bundleSources(exportLines, folder = join(root, "node_modules", ".cache", "godwit")) {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `bench-${process.pid}.mjs`);
  await build({
    stdin: { contents: exportLines, resolveDir: root },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}

/** The program's own settings for a database and a project's folder. */
export function engineSettings(target, projectDir) {
  return {
    target,
    projectDir,
    readOnly: false,
    lockTimeoutMs: 2_000,
    lockWaitMs: 60_000,
    statementTimeoutMs: 600_000,
    queryTimeoutMs: 15_000,
    observe: () => undefined,
  };
}

/** Milliseconds that a piece of work takes. */
export async function timeOf(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
