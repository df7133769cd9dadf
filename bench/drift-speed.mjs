// Measures the comparison of 1,000 tables with what their files produce: warm, beside the snapshot query alone on the same driver, the first time that
// there is drift, and cold with the image of an empty shadow at hand. Prints the ratio and the seconds.
// Usage: node bench/drift-speed.mjs [runs] [tables]
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleSources, engineSettings, median, root, timeOf } from "./workbench.mjs";

const runs = Number(process.argv[2] ?? 7);
const count = Number(process.argv[3] ?? 1000);
const bundleDir = join(root, ".cache", `bench-drift-${process.pid}`);

const handMade = `do $$ begin
  for i in 0..9 loop
    execute format('drop policy table_%s_read on public.table_%s', i, i);
    execute format('create index by_hand_%s on public.table_%s (title)', i, i);
  end loop;
end $$`;

const { createEngine, openDatabase, snapshotQuery, startServer } = await bundleWithParts();
const server = await startServer({ major: 17 });
const projectDir = await mkdtemp(join(tmpdir(), "godwit-bench-"));
const target = { kind: "postgres", url: server.url };
const database = await openDatabase(target);
const engine = createEngine(engineSettings(target, projectDir));

// The engine's own sockets do not keep a process alive.
const alive = setInterval(() => undefined, 60_000);
try {
  await applyFile("20260101000000_start.sql", "create table public.start (id int);");
  await detect();
  const emptyMs = await timeCold();
  await makeTables();
  const firstMs = await timeCold();
  console.log(`${count} tables; medians of ${runs}`);
  console.log(`cold, one file       ${seconds(emptyMs)} (aim: 3 s or less)`);
  console.log(`cold, ${count} tables    ${seconds(firstMs)}`);
  await compareWarm("warm, no drift");
  await database.withSession((session) => session.run({ text: handMade, values: [] }));
  console.log(`first, with drift    ${seconds(await timeOf(detect))}: both scripts are run on a copy`);
  await compareWarm("warm, with drift");
} finally {
  await engine.close();
  await database.close();
  await server.stop();
  await rm(projectDir, { recursive: true, force: true });
  rmSync(bundleDir, { recursive: true, force: true });
  clearInterval(alive);
}

/** The sources, with what they look for beside themselves. */
async function bundleWithParts() {
  mkdirSync(bundleDir, { recursive: true });
  cpSync(join(root, "src/engine/shadow/instance-process.mjs"), join(bundleDir, "instance-process.mjs"));
  cpSync(join(root, "src/engine/stand-in"), join(bundleDir, "stand-in"), { recursive: true });
  const exportLines = `
    export { createEngine } from "./src/engine/engine.ts";
    export { openDatabase } from "./src/engine/database/open-database.ts";
    export { snapshotQuery } from "./src/engine/catalog/snapshot-query.ts";
    export { startServer } from "./test/support/postgres-server.ts";`;
  return bundleSources(exportLines, bundleDir);
}

async function makeTables() {
  const perFile = 100;
  for (let first = 0; first < count; first += perFile) {
    const tables = Array.from({ length: Math.min(perFile, count - first) }, (_, index) =>
      tableOf(first + index),
    );
    await applyFile(`2026010200${String(first / perFile).padStart(4, "0")}_tables.sql`, tables.join("\n"));
  }
}

function tableOf(index) {
  const table = `public.table_${index}`;
  return `
    create table ${table} (
      id bigint generated always as identity primary key, owner_id uuid not null, title text not null default '',
      parent_id bigint${index === 0 ? "" : ` references public.table_${index - 1}`}, amount numeric(10, 2) check (amount >= 0),
      created_at timestamptz not null default now(), tags text[]
    );
    create index table_${index}_owner on ${table} (owner_id);
    create index table_${index}_parent on ${table} (parent_id);
    alter table ${table} enable row level security;
    create policy table_${index}_read on ${table} for select using (owner_id = gen_random_uuid());
    create policy table_${index}_write on ${table} for update using (amount > 0);`;
}

async function applyFile(name, text) {
  await mkdir(join(projectDir, "migrations"), { recursive: true });
  await writeFile(join(projectDir, "migrations", name), text);
  const { status } = await engine.applyMigration({}, {});
  if (status !== "applied") throw new Error(`${name} is ${status}.`);
}

async function detect() {
  return engine.detectDrift({ schema: true }, {});
}

/** Without any kept replay; the image of an empty shadow stays. */
async function timeCold() {
  const cache = join(projectDir, ".godwit", "cache");
  for (const name of readdirSync(cache)) if (name.startsWith("shadow-")) rmSync(join(cache, name));
  return timeOf(detect);
}

async function compareWarm(name) {
  const times = { snapshot: [], detect: [] };
  for (let run = -2; run < runs; run += 1) {
    const snapshotMs = await timeOf(() => database.withSession((session) => session.run(snapshotQuery)));
    const detectMs = await timeOf(detect);
    if (run < 0) continue;
    times.snapshot.push(snapshotMs);
    times.detect.push(detectMs);
  }
  const [snapshotMs, detectMs] = [median(times.snapshot), median(times.detect)];
  console.log(`snapshot alone       ${seconds(snapshotMs)}`);
  console.log(
    `${name.padEnd(20)} ${seconds(detectMs)}, ratio ${(detectMs / snapshotMs).toFixed(2)} (aim: 1.5 or less)`,
  );
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`;
}
