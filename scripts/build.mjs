// Bundles the program to dist/ and copies what it reads at run time; does nothing where the inputs are those of the last build.
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleSources, cache } from "./bundle-sources.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const inputs = ["src", "migrations", "scripts", "package.json", "package-lock.json"];
const imageInputs = ["src/engine/stand-in", "src/engine/database", "package-lock.json"];

/** Builds where needed; answers true where it did. */
export async function build() {
  const wanted = digest(inputs);
  const stamp = join(dist, ".inputs");
  if (existsSync(join(dist, "godwit.js")) && readIfThere(stamp) === wanted) return false;
  const draft = join(cache, `dist-${process.pid}`);
  mkdirSync(draft, { recursive: true });
  await bundle(draft);
  chmodSync(join(draft, "godwit.js"), 0o755);
  await copyStandIn(draft);
  await stopBundler();
  writeFileSync(join(draft, ".inputs"), wanted);
  moveInto(dist, draft);
  return true;
}

/** Puts a finished folder in its place at once: somebody else may build, or run the program, at the same time. */
function moveInto(place, folder) {
  for (let attempt = 1; ; attempt += 1) {
    rmSync(place, { recursive: true, force: true });
    try {
      return renameSync(folder, place);
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** Its helper process would live as long as this one. */
async function stopBundler() {
  const { stop } = await import("esbuild");
  await stop();
}

async function bundle(draft) {
  const { build: esbuild } = await import("esbuild");
  await esbuild({
    absWorkingDir: root,
    entryPoints: {
      godwit: "src/server.ts",
      "check-thread": "src/engine/rules/check-thread.ts",
      "fingerprint-thread": "src/engine/sql/fingerprint-thread.ts",
      "read-thread": "src/engine/plan/read-thread.ts",
    },
    outdir: draft,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20.19",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "linked",
    logLevel: "warning",
    // Their WebAssembly is found beside their own files.
    external: ["@electric-sql/pglite", "@electric-sql/pglite/*", "libpg-query"],
    // pino and its parts are CommonJS and ask for Node's own modules with require.
    banner: {
      js: 'import{createRequire as __godwitRequire}from"node:module";const require=__godwitRequire(import.meta.url);',
    },
    plugins: [lightValidator, writtenOutSchemas(await readToolSchemas())],
  });
}

/** The SDK's default validator (ajv, 300 kB) checks elicitation answers only; its light one starts 20 ms sooner. */
const lightValidator = {
  name: "light-validator",
  setup({ onResolve }) {
    onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, () => ({
      path: join(root, "scripts", "mcp-shims.mjs"),
    }));
  },
};

/** Asks the tools for their schemas. */
async function readToolSchemas() {
  const { tools, toToolSchemas } = await bundleSources(
    'export { tools, toToolSchemas } from "./src/tools/index.ts";',
  );
  return Object.fromEntries(tools.map((tool) => [tool.name, toToolSchemas(tool, "any")]));
}

function writtenOutSchemas(schemas) {
  return {
    name: "written-out-schemas",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]src[\\/]tools[\\/]built-schemas\.ts$/ }, () => ({
        contents: `export const builtSchemas = ${JSON.stringify(schemas)};`,
        loader: "js",
      }));
    },
  };
}

async function copyStandIn(draft) {
  // The shadow's process is a program of its own.
  cpSync(join(root, "src", "engine", "shadow", "instance-process.mjs"), join(draft, "instance-process.mjs"));
  const source = join(root, "src", "engine", "stand-in");
  const target = join(draft, "stand-in");
  for (const folder of ["schemas", "extensions"]) {
    if (existsSync(join(source, folder)))
      cpSync(join(source, folder), join(target, folder), { recursive: true });
  }
  copyBundles(join(target, "bundles"));
  await addImage(draft, target);
}

/** The image from which fresh embedded databases start takes seconds to make, so it is kept by what it is made of. */
async function addImage(draft, target) {
  const kept = join(cache, `image-${digest(imageInputs).slice(0, 16)}`);
  if (!existsSync(kept)) {
    const unfinished = `${kept}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    // In the draft, so that it finds the stand-in as the program does.
    const { writeStandInImage } = await bundleSources(
      'export { writeStandInImage } from "./src/engine/database/write-stand-in-image.ts";',
      draft,
    );
    await writeStandInImage(unfinished);
    moveInto(kept, unfinished);
  }
  cpSync(kept, target, { recursive: true });
}

/** Extensions that PGlite does not ship itself, each from its own development package. */
function copyBundles(target) {
  mkdirSync(target, { recursive: true });
  for (const [name, file] of [
    ["pglite-pgvector", "vector.tar.gz"],
    ["pglite-pgmq", "pgmq.tar.gz"],
  ]) {
    cpSync(join(root, "node_modules", "@electric-sql", name, "dist", file), join(target, file));
  }
}

function digest(paths) {
  const hash = createHash("sha256").update(process.version);
  for (const path of paths.flatMap((input) => listFiles(join(root, input)))) {
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => listFiles(join(path, name)));
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log((await build()) ? "Built dist/godwit.js." : "dist/godwit.js is up to date.");
}
