// Measures reconcile_history on 1,000 recorded migrations and 1,000 files, every one of which differs: a third renumbered, a third missing as
// files (and as many that were never applied), the rest renamed. Prints the bare reads, the plan (first call and median) and carrying it out.
// Usage: node bench/reconcile.mjs [runs] [migrations]
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { bundleSources, engineSettings, median, timeOf } from "./workbench.mjs";

const runs = Number(process.argv[2] ?? 5);
const count = Number(process.argv[3] ?? 1000);

const { createEngine, startServer } = await bundleSources(`
  export { createEngine } from "./src/engine/engine.ts";
  export { startServer } from "./test/support/postgres-server.ts";`);
const server = await startServer({ major: 17 });
const client = postgres(server.url, { max: 1, onnotice: () => undefined });
const projectDir = await mkdtemp(join(tmpdir(), "godwit-bench-"));
const folder = join(projectDir, "migrations");
const engine = createEngine(engineSettings({ kind: "postgres", url: server.url }, projectDir));

try {
  await makeProject();
  await readBare();
  const bareMs = median(await times(readBare));
  const request = { truth: "database" };
  const firstMs = await timeOf(() => engine.reconcileHistory(request, {}));
  const planMs = median(await times(() => engine.reconcileHistory(request, {})));
  const plan = await engine.reconcileHistory(request, {});
  const carriedOutMs = await timeOf(() => engine.reconcileHistory({ ...request, confirm: plan.plan_id }, {}));
  console.log(`${count} files, ${count} recorded migrations: ${JSON.stringify(plan.counts)}`);
  console.log(`bare reads         ${bareMs.toFixed(0)} ms`);
  console.log(`plan, first call   ${firstMs.toFixed(0)} ms, with the engine's start`);
  console.log(`plan               ${planMs.toFixed(0)} ms, median of ${runs}`);
  console.log(`carried out        ${carriedOutMs.toFixed(0)} ms`);
} finally {
  await engine.close();
  await client.end();
  await server.stop();
  await rm(projectDir, { recursive: true, force: true });
}

/** Rows as the Supabase CLI records them, and files that stand askew to them. */
async function makeProject() {
  await mkdir(folder);
  await client`create schema supabase_migrations`;
  await client`create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text)`;
  for (let index = 0; index < count; index += 1) {
    const version = String(20250101000000 + index * 7);
    const statements = [
      `create table public.t${index} (\n  id bigint generated always as identity primary key,\n  title text not null\n)`,
      `alter table public.t${index} enable row level security`,
    ];
    await client`
      insert into supabase_migrations.schema_migrations (version, name, statements)
      values (${version}, ${`create_t${index}`}, ${client.array(statements, 1009)})`;
    const text = `${statements.join(";\n\n")};\n`;
    const [fileName, sql] =
      index % 3 === 0
        ? [`${Number(version) + 3}_create_t${index}.sql`, text]
        : index % 3 === 1
          ? [`${Number(version) + 5}_other_t${index}.sql`, `select ${index};\n`]
          : [`${version}_make_t${index}.sql`, text];
    await writeFile(join(folder, fileName), sql);
  }
}

async function readBare() {
  await client`select to_jsonb(m) from supabase_migrations.schema_migrations m`;
  for (const name of readdirSync(folder)) readFileSync(join(folder, name));
}

async function times(work) {
  const measured = [];
  for (let run = 0; run < runs; run += 1) measured.push(await timeOf(work));
  return measured;
}
