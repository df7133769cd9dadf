// Writes the generated documents (docs/tools.md, configuration.md, errors.md) from the sources.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleSources } from "./bundle-sources.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const { renderDocs } = await bundleSources('export { renderDocs } from "./scripts/docs/render-docs.ts";');
for (const [path, text] of Object.entries(renderDocs())) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`Wrote ${path}.`);
}
