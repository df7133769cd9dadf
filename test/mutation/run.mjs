// Weakens each rule in turn, in every way that `mutantsOf` knows, and expects a labelled statement to notice. Takes minutes:
// `node test/mutation/run.mjs`, or with the ids of some rules.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rulesDir = join(root, "src", "engine", "rules");
const made = join(root, "node_modules", ".cache", "godwit", `mutants-${process.pid}`);
mkdirSync(made, { recursive: true });

const wanted = new Set(process.argv.slice(2));
const survivors = [];
let total = 0;

try {
  for (const rule of listRules()) {
    if (wanted.size > 0 && !wanted.has(rule.id)) continue;
    for (const mutant of [{ what: "says nothing", silence: true }, ...mutantsOf(rule.text)]) {
      total += 1;
      const killer = await judge(rule, mutant);
      if (killer === undefined) survivors.push(`${rule.id} ${rule.file}: ${mutant.what}`);
    }
  }
} finally {
  rmSync(made, { recursive: true, force: true });
}
for (const survivor of survivors) console.log(`survived: ${survivor}`);
console.log(`${total - survivors.length} of ${total} mutants killed.`);
process.exitCode = survivors.length === 0 ? 0 : 1;

function listRules() {
  const catalogue = readFileSync(join(rulesDir, "catalogue.ts"), "utf8");
  return [...catalogue.matchAll(/import \{ (\w+) \} from "\.\/(.+?)";/g)].map(([, name, file]) => {
    const text = readFileSync(join(rulesDir, file), "utf8");
    return { name, file, text, id: /id: "(\w+)"/.exec(text)?.[1] ?? "" };
  });
}

/** Conditions turned round, filters turned round, severities lowered. */
function mutantsOf(text) {
  const at = [...text.matchAll(/\bif \(|\.filter\(/g)].map((match) => {
    const open = match.index + match[0].length - 1;
    const close = closing(text, open);
    const inner = text.slice(open + 1, close);
    const turned = match[0].startsWith("if")
      ? `!(${inner})`
      : `(...all) => !(${inner.replace(/,\s*$/, "")})(...all)`;
    return {
      what: `${match[0]}${inner.slice(0, 60).replace(/\s+/g, " ")}…`,
      text: splice(text, open + 1, close, turned),
    };
  });
  const lowered = [...text.matchAll(/severity: "(error|warning)"/g)].map((match) => ({
    what: match[0],
    text: splice(text, match.index, match.index + match[0].length, 'severity: "info"'),
  }));
  return [...at, ...lowered];
}

function closing(text, open) {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")" && --depth === 0) return at;
  }
  throw new Error("A parenthesis is not closed.");
}

function splice(text, from, to, replacement) {
  return text.slice(0, from) + replacement + text.slice(to);
}

/** Only the weakened rule is in the bundle, so that its own statements have to notice. */
async function judge(rule, mutant) {
  const outfile = join(made, `${rule.id}-${total}.mjs`);
  const body = mutant.silence ? `{ ...${rule.name}, check: () => [] }` : rule.name;
  await build({
    absWorkingDir: root,
    entryPoints: ["test/mutation/judge-rows.ts"],
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    logLevel: "silent",
    plugins: [{ name: "mutant", setup: (host) => replaceFiles(host, rule, mutant, body) }],
  });
  const { findFailing } = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return findFailing();
}

function replaceFiles(host, rule, mutant, body) {
  const replace = (file, contents) =>
    host.onLoad({ filter: new RegExp(`rules/${file}$`.replaceAll(/[./]/g, "[\\\\/.]")) }, () => ({
      contents,
      loader: "ts",
      resolveDir: dirname(join(rulesDir, file)),
    }));
  replace("catalogue.ts", `import { ${rule.name} } from "./${rule.file}"; export const rules = [${body}];`);
  if (mutant.text !== undefined) replace(rule.file, mutant.text);
}
