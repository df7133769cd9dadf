// Godwit, squawk and pgfence on the same labelled statements in the same run: `node bench/hazards.mjs <statements.json>`, a list of
// { id, class, hazard, sql }; the project's own data where no file is given.
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const peers = join(import.meta.dirname, "peers");
const binary = (name) => join(peers, "node_modules", ".bin", name);
if (!existsSync(binary("squawk")) || !existsSync(binary("pgfence")))
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], {
    cwd: peers,
    stdio: "inherit",
  });

const statements = JSON.parse(
  readFileSync(process.argv[2] ?? join(import.meta.dirname, "../../shared/data/hazards.json"), "utf8"),
);
const work = mkdtempSync(join(tmpdir(), "godwit-hazards-"));
const check = await loadGodwit();

/** What each of them says about every migration whatever it does is no hazard found. */
const hygiene = /^(?:require-(?:lock-|statement-)?timeout\w*|prefer-robust-stmts|require-timeout-settings)$/;

const tools = {
  godwit: async (sql) => {
    const { findings } = await check({ migrations: [{ fileName: "a.sql", sql }] });
    return findings.some(({ severity }) => severity !== "info");
  },
  squawk: async (sql) => {
    const found = JSON.parse(await run("squawk", ["--reporter", "json", write(sql)]));
    return found.some(({ rule_name: rule, level }) => level !== "Error" && !hygiene.test(rule));
  },
  pgfence: async (sql) => {
    const { results = [] } = JSON.parse(await run("pgfence", ["analyze", "--output", "json", write(sql)]));
    return results.some(({ checks = [], policyViolations = [] }) =>
      [
        ...checks.map(({ risk }) => risk),
        ...policyViolations.filter(({ ruleId }) => !/timeout/.test(ruleId)).map(({ severity }) => severity),
      ].some((level) => /^(?:medium|high|critical|error)$/i.test(level)),
    );
  },
};

const table = {};
try {
  for (const { class: kind, hazard, sql } of statements) {
    const row = (table[hazard ? kind : "harmless, flagged"] ??= { of: 0, godwit: 0, squawk: 0, pgfence: 0 });
    row.of += 1;
    for (const [name, finds] of Object.entries(tools))
      if (await finds(sql).catch(() => false)) row[name] += 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
const hazards = Object.entries(table).filter(([kind]) => kind !== "harmless, flagged");
table["all hazards"] = hazards.reduce(
  (sum, [, row]) => Object.fromEntries(Object.keys(row).map((key) => [key, (sum[key] ?? 0) + row[key]])),
  {},
);
console.table(table);

function write(sql) {
  const file = join(work, "20260101000000_a.sql");
  writeFileSync(file, `${sql};\n`);
  return file;
}

/** Both end with 1 where they found something. */
function run(name, args) {
  return new Promise((resolve, reject) => {
    execFile(binary(name), args, { timeout: 60_000 }, (error, stdout) =>
      stdout === "" && error ? reject(error) : resolve(stdout),
    );
  });
}

async function loadGodwit() {
  const outfile = join(import.meta.dirname, `../.cache/hazards-${process.pid}.mjs`);
  process.once("exit", () => rmSync(outfile, { force: true }));
  await build({
    entryPoints: [join(import.meta.dirname, "../src/engine/rules/index.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
    outfile,
  });
  return (await import(pathToFileURL(outfile).href)).checkStatements;
}
