// Writes the generated documents (docs/tools.md, configuration.md, errors.md) from the sources.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const made = join(root, "node_modules", ".cache", "godwit", `docs-${process.pid}.mjs`);

await build({
  absWorkingDir: root,
  entryPoints: ["scripts/docs/render-docs.ts"],
  outfile: made,
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  logLevel: "warning",
});
try {
  const { renderDocs } = await import(pathToFileURL(made).href);
  for (const [path, text] of Object.entries(renderDocs())) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`Wrote ${path}.`);
  }
} finally {
  rmSync(made, { force: true });
}
