// Godwit beside @supabase/pg-delta on the same schema pairs in the same run: `node bench/drift-pairs.mjs [all|<every n-th, 20 by default>]`.
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const peers = join(import.meta.dirname, "peers");
if (!existsSync(join(peers, "node_modules/@supabase/pg-delta")))
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], {
    cwd: peers,
    stdio: "inherit",
  });

// A cluster on disk makes a database in 500 ms, one in memory in 30.
if (existsSync("/dev/shm")) process.env.TMPDIR = "/dev/shm";
const outfile = join(import.meta.dirname, `../.cache/drift-pairs-${process.pid}.mjs`);
process.once("exit", () => rmSync(outfile, { force: true }));
await build({
  entryPoints: [join(import.meta.dirname, "../test/drift/beside-peer.ts")],
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  // Paths are found from the folder of the source.
  define: { "import.meta.dirname": JSON.stringify(join(import.meta.dirname, "../test/drift")) },
  logLevel: "error",
  outfile,
});
const { compareWithPeer } = await import(pathToFileURL(outfile).href);
await compareWithPeer(peers, process.argv[2] ?? "20");
