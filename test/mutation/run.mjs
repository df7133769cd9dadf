// Weakens each rule and each guard in turn, in every way that `mutants.mjs` knows, and expects a labelled statement or a unit test
// to notice. Takes minutes: `node test/mutation/run.mjs`, or with the ids of some rules, or the files of some guards.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { guards } from "./guards.mjs";
import { guardMutantsOf, mutantsOf } from "./mutants.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const engineDir = join(root, "src", "engine");
const made = join(root, "node_modules", ".cache", "godwit", `mutants-${process.pid}`);
mkdirSync(made, { recursive: true });

const wanted = new Set(process.argv.slice(2));
const survivors = [];
let total = 0;

try {
  for (const rule of listRules()) await weaken(rule, judgeRule);
  for (const guard of listGuards()) await weaken(guard, judgeGuard);
} finally {
  rmSync(made, { recursive: true, force: true });
}
for (const survivor of survivors) console.log(`survived: ${survivor}`);
console.log(`${total - survivors.length} of ${total} mutants killed.`);
process.exitCode = survivors.length === 0 ? 0 : 1;

async function weaken(subject, judge) {
  if (wanted.size > 0 && !wanted.has(subject.id)) return;
  for (const mutant of subject.mutants) {
    total += 1;
    const killer = await judge(subject, mutant);
    if (killer === undefined) survivors.push(`${subject.id} ${subject.file}: ${mutant.what}`);
  }
}

function listRules() {
  const catalogue = readFileSync(join(engineDir, "rules/catalogue.ts"), "utf8");
  return [...catalogue.matchAll(/import \{ (\w+) \} from "\.\/(.+?)";/g)].map(([, name, path]) => {
    const file = `rules/${path}`;
    const text = readFileSync(join(engineDir, file), "utf8");
    const mutants = [{ what: "says nothing", silence: true }, ...mutantsOf(text)];
    return { name, path, file, mutants, id: /id: "(\w+)"/.exec(text)?.[1] ?? "" };
  });
}

function listGuards() {
  return guards.map(({ file, tests }) => {
    const mutants = guardMutantsOf(readFileSync(join(engineDir, file), "utf8"));
    return { file, tests, mutants, id: file };
  });
}

/** Only the weakened rule is in the bundle, so that its own statements have to notice. */
async function judgeRule({ name, path, file }, mutant) {
  const body = mutant.silence ? `{ ...${name}, check: () => [] }` : name;
  const files = {
    "rules/catalogue.ts": `import { ${name} } from "./${path}"; export const rules = [${body}];`,
  };
  if (mutant.text !== undefined) files[file] = mutant.text;
  const { findFailing } = await load({ entryPoints: ["test/mutation/judge-rows.ts"] }, files);
  return findFailing();
}

async function judgeGuard({ file, tests }, mutant) {
  const contents = [...tests.map((test) => `import "./${test}";`), 'export { firstFailure } from "vitest";'];
  const stdin = { contents: contents.join("\n"), resolveDir: root };
  const { firstFailure } = await load({ stdin }, { [file]: mutant.text });
  return firstFailure();
}

/** A bundle in which files of the engine have other contents, and vitest is a small one. */
async function load(entry, files) {
  const outfile = join(made, `${total}.mjs`);
  await build({
    absWorkingDir: root,
    ...entry,
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    logLevel: "silent",
    plugins: [{ name: "mutant", setup: (host) => replaceFiles(host, files) }],
  });
  const loaded = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return loaded;
}

function replaceFiles(host, files) {
  const vitest = join(root, "test/mutation/small-vitest.mjs");
  host.onResolve({ filter: /^vitest$/ }, () => ({ path: vitest }));
  for (const [file, contents] of Object.entries(files))
    host.onLoad({ filter: new RegExp(`engine/${file}$`.replaceAll(/[./]/g, "[\\\\/.]")) }, () => ({
      contents,
      loader: "ts",
      resolveDir: dirname(join(engineDir, file)),
    }));
}
