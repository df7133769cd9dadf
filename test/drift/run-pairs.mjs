// Judges schema pairs: `node test/drift/run-pairs.mjs [all|<part of a name>,…|probes|hand-made|random|probes/<name>] [--every=N] [--part=K/N] [--major=15|17|18] [--verbose] [--blind] [--out=FILE] [--from=FILE] [--record]`.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

// A cluster on disk makes a database in 500 ms, one in memory in 30.
if (existsSync("/dev/shm")) process.env.TMPDIR = "/dev/shm";
const outfile = join(import.meta.dirname, `../../.cache/run-pairs-${process.pid}.mjs`);
process.once("exit", () => rmSync(outfile, { force: true }));
await build({
  entryPoints: [join(import.meta.dirname, "run-pairs.ts")],
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  // Paths are found from the folder of the source.
  define: { "import.meta.dirname": JSON.stringify(import.meta.dirname) },
  logLevel: "error",
  outfile,
});
await import(pathToFileURL(outfile).href);
