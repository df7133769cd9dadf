// Measures list_migrations on 1,000 files and 1,000 recorded migrations, warm, beside the bare reads that it cannot do without:
// the same two statements on the same driver and the bytes of the same files. Prints the ratio.
// Usage: node bench/list.mjs [runs] [migrations]
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { bundleSources, engineSettings, median, timeOf } from "./workbench.mjs";

const runs = Number(process.argv[2] ?? 20);
const count = Number(process.argv[3] ?? 1000);

const { createEngine, allEntriesAndRuns, tableShapes, startServer } = await bundleSources(`
  export { createEngine } from "./src/engine/engine.ts";
  export { allEntriesAndRuns, tableShapes } from "./src/engine/history/queries.ts";
  export { startServer } from "./test/support/postgres-server.ts";`);
const server = await startServer({ major: 17 });
const client = postgres(server.url, { max: 1, onnotice: () => undefined });
const projectDir = await mkdtemp(join(tmpdir(), "godwit-bench-"));
const engine = createEngine(engineSettings({ kind: "postgres", url: server.url }, projectDir));

try {
  await makeProject();
  const times = { bare: [], list: [], drift: [] };
  for (let run = -3; run < runs; run += 1) {
    const bareMs = await timeOf(readBare);
    const listMs = await timeOf(() => engine.listMigrations({}, {}));
    const driftMs = await timeOf(() => engine.detectDrift({ schema: false }, {}));
    if (run < 0) continue;
    times.bare.push(bareMs);
    times.list.push(listMs);
    times.drift.push(driftMs);
  }
  const bareMs = median(times.bare);
  console.log(`${count} files, ${count} recorded migrations; medians of ${runs}`);
  console.log(`bare reads         ${bareMs.toFixed(1)} ms`);
  console.log(`list_migrations    ${describe(median(times.list), bareMs)}`);
  console.log(`detect_drift       ${describe(median(times.drift), bareMs)}`);
} finally {
  await engine.close();
  await client.end();
  await server.stop();
  await rm(projectDir, { recursive: true, force: true });
}

/** Applies one file through the engine, which makes both tables, and records the rest as if they had run. */
async function makeProject() {
  const folder = join(projectDir, "migrations");
  await mkdir(folder);
  const migrations = Array.from({ length: count }, (_, index) => {
    const version = String(20260101000000 + Math.floor(index / 60) * 100 + (index % 60));
    return { version, name: `add_table_${index}`, statements: statementsOf(index) };
  });
  const write = ({ version, name, statements }) =>
    writeFile(join(folder, `${version}_${name}.sql`), `${statements.join(";\n\n")};\n`);
  const [first, ...rest] = migrations;
  await write(first);
  const { status } = await engine.applyMigration({}, {});
  if (status !== "applied") throw new Error(`The first migration is ${status}.`);
  await client`
    insert into supabase_migrations.schema_migrations (version, name, statements)
    select version, name, statements
    from jsonb_to_recordset(${client.json(rest)}::jsonb) as m(version text, name text, statements text[])`;
  await Promise.all(rest.map(write));
}

function statementsOf(index) {
  const table = `public.table_${index}`;
  return [
    `-- What the team keeps of kind ${index}\ncreate table ${table} (\n  id bigint generated always as identity primary key,\n  owner_id uuid not null,\n  title text not null default '',\n  created_at timestamptz not null default now()\n)`,
    `create index table_${index}_owner_id_idx on ${table} (owner_id)`,
    `alter table ${table} enable row level security`,
    `create policy table_${index}_read on ${table} for select to authenticated using ((select auth.uid()) = owner_id)`,
  ].map((text) =>
    index === 0
      ? text.replace("(select auth.uid())", "gen_random_uuid()").replace("to authenticated ", "")
      : text,
  );
}

async function readBare() {
  await client.unsafe(tableShapes.text);
  await client.unsafe(allEntriesAndRuns.text);
  const folder = join(projectDir, "migrations");
  for (const fileName of readdirSync(folder)) readFileSync(join(folder, fileName));
}

function describe(ms, bareMs) {
  return `${ms.toFixed(1)} ms, ${(ms / bareMs).toFixed(2)} times the bare reads`;
}
