import { readOwnMigrations } from "../../src/engine/history/own-migrations.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApplyMigrationReport, EngineEvent } from "../../src/engine/index.ts";
import { createPlayground, type Playground } from "./playground.ts";
import { buildRunner, type Runner } from "./runner-process.ts";

const appliers = 20;

/** Ten files that each leave a mark when they run; two hold statements that run alone. */
const files: Readonly<Record<string, string>> = {
  "20260101000000_marks.sql": "create table marks (name text);\ninsert into marks values ('0');\n",
  ...Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => {
      const number = index + 1;
      const mark = `insert into marks values ('${number}');\n`;
      const alone = number % 4 === 0 ? `create index concurrently marks_${number} on marks (name);\n` : "";
      const body = `create or replace function latest() returns int language sql as 'select ${number}';\n`;
      return [`2026010100000${number}_m${number}.sql`, mark + alone + body];
    }),
  ),
};

async function expectEachRanOnce(play: Playground, reports: readonly (ApplyMigrationReport | undefined)[]) {
  const failures = reports.flatMap((report) => (report?.failure === undefined ? [] : [report.failure]));
  expect(failures).toEqual([]);
  const statuses = new Set(reports.map((report) => report?.status));
  expect(
    [...statuses].every((status) =>
      ["applied", "already_applied", "nothing_to_apply"].includes(status ?? ""),
    ),
  ).toBe(true);
  const marks = await play.sql`select name, count(*)::int as times from marks group by 1 order by 1`;
  expect(Array.from(marks)).toEqual(
    Array.from({ length: 10 }, (_, index) => ({ name: String(index), times: 1 })),
  );
  expect(await play.entries()).toHaveLength(10);
  const outcomes = reports
    .flatMap((report) => report?.migrations ?? [])
    .filter((row) => row.outcome === "applied");
  expect(outcomes).toHaveLength(10);
  const unfinished = (await play.runs()).filter((run) => run["status"] !== "completed");
  expect(unfinished).toEqual([]);
  const locks = await play.sql`
    select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
  expect(locks).toHaveLength(0);
}

describe(`${appliers} appliers of the same ten files`, () => {
  test("in one process run each migration once, from an empty database on", async () => {
    const play = await createPlayground({ files, settings: { lockWaitMs: 40_000 } });
    const engines = Array.from({ length: appliers }, () => play.anotherEngine());
    const reports = await Promise.all(engines.map((engine) => engine.applyMigration({}, {})));
    await expectEachRanOnce(play, reports);
  });

  describe("as processes", () => {
    let runner: Runner;
    beforeAll(async () => {
      runner = await buildRunner();
    });
    afterAll(() => runner.remove());

    test("run each migration once", { timeout: 180_000 }, async () => {
      const play = await createPlayground({ files });
      const running = Array.from({ length: appliers }, () => runner.start(play.url, play.dir));
      await expectEachRanOnce(play, await Promise.all(running.map(({ report }) => report)));
    });
  });
});

describe("many first appliers at once", () => {
  test("make the history tables once, whichever comes first", async () => {
    const play = await createPlayground({ settings: { lockWaitMs: 20_000 } });
    for (let round = 0; round < 5; round += 1) {
      await play.sql.unsafe("drop schema if exists supabase_migrations cascade");
      await play.write({ "20260101000000_nothing.sql": "select 1;\n" });
      const engines = Array.from({ length: 8 }, () => play.anotherEngine());
      const reports = await Promise.all(engines.map((engine) => engine.applyMigration({}, {})));
      expect(reports.flatMap(({ failure }) => failure ?? [])).toEqual([]);
      expect(await play.entries()).toHaveLength(1);
      const bookkeeping =
        await play.sql`select from supabase_migrations.migration_history where kind = 'bookkeeping'`;
      expect(bookkeeping).toHaveLength((await readOwnMigrations()).length);
      await Promise.all(engines.map((engine) => engine.close()));
    }
  });
});

describe("another applier whose run stopped half-way", () => {
  test("is not repeated by one that planned before it", async () => {
    const text =
      "create table a (id int);\ninsert into a values (1);\nvacuum a;\nselect pg_sleep(0.3);\nselect 1 / 0;\nvacuum a;\n";
    const play = await createPlayground({ files: { "20260101000000_steps.sql": text } });
    const other = play.anotherEngine();
    // Both have planned once they ask for the lock; only then may the first of them run.
    const holder = await play.sql.reserve();
    const key = "hashtextextended('supabase_migrations.schema_migrations@' || current_database(), 0)";
    await holder.unsafe(`select pg_advisory_lock(${key})`);
    const waiting = new Set<string>();
    const hear = (name: string) => ({
      observe: ({ kind }: EngineEvent) => {
        if (kind === "lock_waiting") waiting.add(name);
      },
    });
    const runs = Promise.all([
      play.engine.applyMigration({}, hear("first")),
      other.applyMigration({}, hear("second")),
    ]);
    await expect.poll(() => waiting.size, { timeout: 20_000 }).toBe(2);
    await holder.unsafe(`select pg_advisory_unlock(${key})`);
    holder.release();
    const reports = await runs;
    const codes = reports.map(({ failure }) => failure?.sqlstate ?? failure?.code ?? "").toSorted();
    expect(codes).toEqual(["22012", "plan_is_stale"]);
    expect(await play.sql`select id from a`).toHaveLength(1);
  });
});
