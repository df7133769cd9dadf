import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPlayground, eventually, pause, type Playground } from "./playground.ts";
import { buildRunner, type Runner } from "./runner-process.ts";

const rounds = 50;
const migrations = 50;
const seed = Number(process.env["GODWIT_KILL_SEED"] ?? Date.now() % 1_000_000);

/** Every file makes a table with two rows; each seventh builds an index as a step of its own. */
const files = Object.fromEntries(
  Array.from({ length: migrations }, (_, index) => {
    const table = `t${index}`;
    const rows = `create table ${table} (id int);\ninsert into ${table} values (1);\ninsert into ${table} values (2);\n`;
    const alone = isStepwise(index) ? `create index concurrently ${table}_id on ${table} (id);\n` : "";
    return [`${versionOf(index)}_${table}.sql`, `${rows}${alone}comment on table ${table} is 'whole';\n`];
  }),
);

function isStepwise(index: number): boolean {
  return index % 7 === 6;
}

function versionOf(index: number): string {
  return `202601010000${String(index).padStart(2, "0")}`;
}

let runner: Runner;
beforeAll(async () => {
  runner = await buildRunner();
});
afterAll(() => runner.remove());

test(
  `an applier that is killed at ${rounds} moments leaves whole migrations, and the next run converges (seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    console.log(`GODWIT_KILL_SEED=${seed}`);
    const play = await createPlayground({ files });
    const random = seededRandom(seed);
    const seen = { killed: 0, between: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const applied = await appliedCount(play);
      if (applied === migrations) await startOver(play);
      // Trying ways back takes most of an apply: where every round did it, hardly a kill would meet anything else.
      const running = runner.start(play.url, play.dir, round % 5 === 0 ? 48 : 0);
      await running.ready;
      const begun = Math.floor(random() * 16);
      await running.begun(begun);
      await pause(random() * (begun === 0 ? 150 : 25));
      running.kill();
      if ((await running.report) === undefined) seen.killed += 1;
      await backendsToEnd(play);
      const after = await expectWhole(play);
      if (after > 0 && after < migrations) seen.between += 1;
    }
    expect(seen.killed).toBeGreaterThan(rounds / 2);
    expect(seen.between).toBeGreaterThan(rounds / 4);
    const last = await play.apply();
    expect(["applied", "nothing_to_apply"]).toContain(last.status);
    expect(await expectWhole(play)).toBe(migrations);
    const incomplete = await play.sql`select from pg_index where not indisvalid`;
    expect(incomplete).toHaveLength(0);
    console.log(
      `${seen.killed} of ${rounds} were killed at work, ${seen.between} of them between the first and the last migration`,
    );
  },
);

/** Asserts that DDL and rows agree, and answers how many migrations are recorded. */
async function expectWhole(play: Playground): Promise<number> {
  if (!(await hasHistory(play))) {
    expect(await play.relations()).toEqual([]);
    return 0;
  }
  const recorded = new Set((await play.entries()).map((entry) => entry.version));
  const runs = await play.runs();
  const completed = new Set(runs.filter((run) => run["status"] === "completed").map((run) => run["version"]));
  expect(completed).toEqual(recorded);
  const tables = await play.sql<{ name: string; comment: string | null }[]>`
    select relname as name, obj_description(oid) as comment from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  const whole = new Set(tables.filter((table) => table.comment === "whole").map((table) => table.name));
  for (let index = 0; index < migrations; index += 1) {
    const isRecorded = recorded.has(versionOf(index));
    // Steps may be done whose row is not written yet; a migration that is one transaction is all or nothing.
    if (isRecorded || !isStepwise(index))
      expect([index, whole.has(`t${index}`)]).toEqual([index, isRecorded]);
    if (!isRecorded && !isStepwise(index))
      expect(tables.map((table) => table.name)).not.toContain(`t${index}`);
  }
  const counts = tables.map(({ name }) => `select '${name}' as name, count(*)::int as rows from ${name}`);
  const partial = `select * from (${counts.join(" union all ")}) counted where rows <> 2`;
  if (counts.length > 0) expect(Array.from(await play.sql.unsafe(partial))).toEqual([]);
  return recorded.size;
}

async function backendsToEnd(play: Playground): Promise<void> {
  await eventually(async () => {
    const rows = await play.sql`
      select from pg_stat_activity where datname = current_database() and application_name = 'godwit'`;
    return rows.length === 0;
  }, "the end of the killed applier's sessions");
}

async function hasHistory(play: Playground): Promise<boolean> {
  const [row] =
    await play.sql`select to_regclass('supabase_migrations.migration_history') is not null as exists`;
  return row?.["exists"] === true;
}

async function appliedCount(play: Playground): Promise<number> {
  return (await hasHistory(play)) ? (await play.entries()).length : 0;
}

async function startOver(play: Playground): Promise<void> {
  await play.sql.unsafe("drop schema public, supabase_migrations cascade; create schema public").simple();
  await rm(join(play.dir, ".godwit"), { recursive: true, force: true });
}

/** Mulberry32: small, and the same on every machine. */
function seededRandom(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
