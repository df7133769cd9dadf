// Godwit's rules by text alone, its rehearsal alone, both together, and squawk and pgfence, on the same labelled statements in the same
// run: `node bench/hazards.mjs <statements.json>`, a list of { id, class, hazard, sql }; the project's own data where no file is given.
// The rehearsal runs in an embedded database with the objects that the project's statements are about (test/rehearsal/hazards-world.ts).
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleSources, root } from "./workbench.mjs";

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
const { checkStatements, openEmbeddedWorld, hazardsWorld, preparations } = await bundleSources(
  `
  export { checkStatements } from "./src/engine/rules/index.ts";
  export { openEmbeddedWorld } from "./test/rehearsal/rehearse-embedded.ts";
  export { hazardsWorld, preparations } from "./test/rehearsal/hazards-world.ts";`,
  join(root, "dist"),
);

/** What each of them says about every migration whatever it does is no hazard found. */
const hygiene = /^(?:require-(?:lock-|statement-)?timeout\w*|prefer-robust-stmts|require-timeout-settings)$/;

const tools = {
  text: async ({ sql }) => {
    const { findings } = await checkStatements({ migrations: [{ fileName: "a.sql", sql }] });
    return findings.some(({ severity }) => severity !== "info");
  },
  rehearsal: async ({ id, sql }) => {
    const preparation = preparations[id];
    const world = preparation === undefined ? shared : await openEmbeddedWorld(hazardsWorld, preparation);
    const { alarms } = await world
      .rehearse(sql)
      .finally(() => (world === shared ? undefined : world.close()));
    return alarms.length > 0;
  },
  squawk: async ({ sql }) => {
    const found = JSON.parse(await run("squawk", ["--reporter", "json", write(sql)]));
    return found.some(({ rule_name: rule, level }) => level !== "Error" && !hygiene.test(rule));
  },
  pgfence: async ({ sql }) => {
    const { results = [] } = JSON.parse(await run("pgfence", ["analyze", "--output", "json", write(sql)]));
    return results.some(({ checks = [], policyViolations = [] }) =>
      [
        ...checks.map(({ risk }) => risk),
        ...policyViolations.filter(({ ruleId }) => !/timeout/.test(ruleId)).map(({ severity }) => severity),
      ].some((level) => /^(?:medium|high|critical|error)$/i.test(level)),
    );
  },
};

const shared = await openEmbeddedWorld(hazardsWorld);
const table = {};
try {
  for (const statement of statements) {
    const { class: kind, hazard } = statement;
    const none = { of: 0, text: 0, rehearsal: 0, together: 0, squawk: 0, pgfence: 0 };
    const row = (table[hazard ? kind : "harmless, flagged"] ??= none);
    row.of += 1;
    const finds = {};
    for (const [name, find] of Object.entries(tools)) finds[name] = await find(statement).catch(() => false);
    finds.together = finds.text || finds.rehearsal;
    for (const [name, isFound] of Object.entries(finds)) if (isFound) row[name] += 1;
  }
} finally {
  await shared.close();
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
