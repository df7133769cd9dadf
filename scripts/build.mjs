// Bundles the program to dist/ and copies what it reads at run time; does nothing where the inputs are those of the last build.
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const inputs = ["src", "migrations", "scripts", "package.json", "package-lock.json"];

/** Builds where needed; answers true where it did. */
export async function build() {
  const digest = digestInputs();
  const stamp = join(dist, ".inputs");
  if (existsSync(join(dist, "godwit.js")) && readIfThere(stamp) === digest) return false;
  rmSync(dist, { recursive: true, force: true });
  await bundle();
  chmodSync(join(dist, "godwit.js"), 0o755);
  await copyStandIn();
  writeFileSync(stamp, digest);
  return true;
}

async function bundle() {
  const { build: esbuild, stop } = await import("esbuild");
  await esbuild({
    absWorkingDir: root,
    entryPoints: { godwit: "src/server.ts" },
    outdir: "dist",
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
    plugins: [lightValidator, writtenOutSchemas(await readToolSchemas(esbuild))],
  });
  // Its helper process would live as long as this one.
  await stop();
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

/** Bundles the tools alone to ask them for their schemas. */
async function readToolSchemas(esbuild) {
  const made = join(root, "node_modules", ".cache", "godwit", `tools-${process.pid}.mjs`);
  await esbuild({
    absWorkingDir: root,
    entryPoints: ["src/tools/index.ts"],
    outfile: made,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    logLevel: "warning",
  });
  try {
    const { tools, toToolSchemas } = await import(pathToFileURL(made).href);
    return Object.fromEntries(tools.map((tool) => [tool.name, toToolSchemas(tool)]));
  } finally {
    rmSync(made, { force: true });
  }
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

async function copyStandIn() {
  const source = join(root, "src", "engine", "stand-in");
  const target = join(dist, "stand-in");
  for (const folder of ["schemas", "extensions"]) {
    if (existsSync(join(source, folder)))
      cpSync(join(source, folder), join(target, folder), { recursive: true });
  }
  copyBundles(join(target, "bundles"));
  const image = join(root, "scripts", "build-stand-in-image.mjs");
  if (!existsSync(image)) return;
  const { buildStandInImage } = await import(pathToFileURL(image).href);
  await buildStandInImage(target);
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

function digestInputs() {
  const hash = createHash("sha256").update(process.version);
  for (const path of inputs.flatMap((input) => listFiles(join(root, input)))) {
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
