import { describe, expect, test } from "vitest";
import { connect, createPlayground, eventually, pause, type Playground } from "./playground.ts";

const before = "create table busy (id int); insert into busy values (1);";
const change = {
  "20260101000000_change.sql": "create table early (id int);\nalter table busy add column more int;\n",
};

/** Holds a lock on `busy` in a transaction of its own until it is released. */
async function hold(play: Playground, statement = "select * from busy"): Promise<() => Promise<void>> {
  const holder = connect(play.url, { max: 1, connection: { application_name: "the holder; drop it" } });
  const session = await holder.reserve();
  await session`begin`;
  await session.unsafe(statement);
  return async () => {
    await session`rollback`;
    session.release();
    await holder.end();
  };
}

describe("a lock that another session holds", () => {
  test("is tried for until the wait is over; then the blocker is named, its query fenced", async () => {
    const play = await createPlayground({
      before,
      files: change,
      settings: { lockTimeoutMs: 250, lockWaitMs: 1500 },
    });
    const release = await hold(play, "select *, 'text of its own' from busy");
    const [holder] =
      await play.sql`select pid from pg_stat_activity where application_name like 'the holder%'`;
    const startedMs = performance.now();
    const report = await play.apply();
    const tookMs = performance.now() - startedMs;
    await release();
    expect(report).toMatchObject({
      status: "failed",
      failure: { code: "lock_not_available", statement: 2, line: 2, column: 1 },
    });
    expect(report.failure?.message).toMatch(
      new RegExp(`Session ${holder?.["pid"]} of postgres .*began \\d+ s ago`),
    );
    expect(report.failure?.message).toMatch(
      /idle in transaction, .* whose query is <untrusted-[0-9a-f]{12}>select \*, 'text of its own'/,
    );
    expect(JSON.stringify(report)).not.toContain("drop it");
    expect(tookMs).toBeGreaterThan(1400);
    expect(tookMs).toBeLessThan(30_000);
    expect(play.events.filter((event) => event.kind === "lock_waiting").length).toBeGreaterThanOrEqual(2);
    expect(await play.relations()).toEqual(["busy"]);
    expect(await play.entries()).toEqual([]);
  });

  test("stalls a second reader by one attempt at most, while a reader of 2.5 s holds it, at the default timeout", async () => {
    const play = await createPlayground({
      before,
      files: change,
      settings: { lockTimeoutMs: 200, lockWaitMs: 60_000 },
    });
    const reading = play.sql.begin(async (session) => {
      await session`select * from busy`;
      await pause(2500);
    });
    await pause(100);
    const answer = play.apply();
    const state = { isDone: false };
    const ended = answer.finally(() => {
      state.isDone = true;
    });
    let longestMs = 0;
    while (!state.isDone) {
      const startedMs = performance.now();
      await play.sql`select count(*) from busy`;
      longestMs = Math.max(longestMs, performance.now() - startedMs);
      await pause(5);
    }
    await reading;
    expect(await ended).toMatchObject({ status: "applied" });
    expect(play.events.filter((event) => event.kind === "lock_waiting").length).toBeGreaterThanOrEqual(2);
    // Waiting behind the whole reader would be 2.4 s; the rest is for a loaded machine.
    expect(longestMs).toBeLessThan(1800);
  });

  test("that is let go in time is no failure", async () => {
    const play = await createPlayground({ before, files: change, settings: { lockTimeoutMs: 200 } });
    const release = await hold(play);
    const answer = play.apply();
    await eventually(async () => play.events.some((event) => event.kind === "lock_waiting"), "a retry");
    await release();
    expect(await answer).toMatchObject({ status: "applied", migrations: [{ outcome: "applied" }] });
    expect(await play.relations()).toEqual(["busy", "early"]);
  });

  test.each([
    ["a transaction", change],
    ["a statement that runs alone and blocks", { "20260101000000_full.sql": "vacuum full busy;\n" }],
  ])("never makes a reader behind %s wait longer than the lock timeout", async (_, files) => {
    const play = await createPlayground({
      before,
      files,
      settings: { lockTimeoutMs: 250, lockWaitMs: 4000 },
    });
    const release = await hold(play);
    const answer = play.apply();
    const state = { isDone: false };
    const ended = answer.finally(() => {
      state.isDone = true;
    });
    let longestMs = 0;
    let reads = 0;
    while (!state.isDone) {
      const startedMs = performance.now();
      await play.sql`select count(*) from busy`;
      longestMs = Math.max(longestMs, performance.now() - startedMs);
      reads += 1;
      await pause(5);
    }
    expect(await ended).toMatchObject({ status: "failed", failure: { code: "lock_not_available" } });
    await release();
    expect(reads).toBeGreaterThan(10);
    // The timeout itself, and what a busy machine adds; without it, the wait would be that of all attempts together.
    expect(longestMs).toBeLessThan(250 + 2000);
    expect(longestMs).toBeGreaterThan(50);
  });

  test("on the history by a writer as the Supabase CLI is named too", async () => {
    const play = await createPlayground({
      files: change,
      before,
      settings: { lockTimeoutMs: 250, lockWaitMs: 800 },
    });
    await play.write({ "20250101000000_first.sql": "select 1;" });
    await play.apply({ version: "20250101000000" });
    const release = await hold(
      play,
      "insert into supabase_migrations.schema_migrations values ('20260101000000')",
    );
    const report = await play.apply();
    await release();
    expect(report).toMatchObject({ status: "failed", failure: { code: "lock_not_available" } });
    expect(report.failure?.message).toMatch(/Session \d+ of postgres/);
  });
});

describe("the Supabase CLI, which takes no lock of ours", () => {
  test("cannot slip a version in while a migration runs", async () => {
    const files = { "20260101000000_slow.sql": "create table slow (id int);\nselect pg_sleep(0.6);\n" };
    const play = await createPlayground({ files: { "20250101000000_first.sql": "select 1;" } });
    await play.apply();
    await play.write(files);
    const answer = play.apply();
    await eventually(
      async () =>
        (
          await play.sql`select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'`
        ).length > 0,
      "the slow statement",
    );
    const push = play.sql
      .begin(async (cli) => {
        await cli`insert into supabase_migrations.schema_migrations (version, name, statements) values ('20260101000000', 'slow', '{}')`;
      })
      .then(
        () => "pushed",
        (error: { code?: string }) => error.code,
      );
    expect(await answer).toMatchObject({ status: "applied" });
    expect(await push).toBe("23505");
    expect(await play.entries()).toHaveLength(2);
  });

  test("that recorded a newer version between plan and lock makes the plan stale", async () => {
    const play = await createPlayground({ files: { "20250101000000_first.sql": "select 1;" } });
    await play.apply();
    await play.write({ "20260101000000_mine.sql": "create table mine (id int);" });
    const release = await holdInsert(play, "20270101000000");
    const answer = play.apply();
    await pause(200);
    await release();
    expect(await answer).toMatchObject({ status: "failed", failure: { code: "plan_is_stale" } });
    expect(await play.relations()).toEqual([]);
  });
});

async function holdInsert(play: Playground, version: string): Promise<() => Promise<void>> {
  const session = await play.sql.reserve();
  await session`begin`;
  await session`insert into supabase_migrations.schema_migrations values (${version})`;
  return async () => {
    await session`commit`;
    session.release();
  };
}

describe("a statement's time", () => {
  test("is limited on the server", async () => {
    const play = await createPlayground({
      files: { "20260101000000_slow.sql": "create table a (id int);\nselect pg_sleep(30);\n" },
      settings: { statementTimeoutMs: 300 },
    });
    const report = await play.apply();
    expect(report).toMatchObject({ failure: { code: "statement_timeout", sqlstate: "57014", statement: 2 } });
    expect(await play.relations()).toEqual([]);
  });

  test("outside a transaction is limited too", async () => {
    const play = await createPlayground({
      before:
        "create table a as select generate_series(1, 200000) as id; create function slow(int) returns int immutable language plpgsql as 'begin perform pg_sleep(0.01); return $1; end';",
      files: { "20260101000000_slow.sql": "create index concurrently a_slow on a (slow(id));\n" },
      settings: { statementTimeoutMs: 300 },
    });
    expect(await play.apply()).toMatchObject({ failure: { code: "statement_timeout" } });
    expect(await play.relations()).toEqual(["a"]);
  });
});

describe("a call that is cancelled", () => {
  const slow = {
    "20260101000000_slow.sql": "create table a (id int);\nselect pg_sleep(30);\ncreate table b (id int);\n",
  };

  async function sleeping(play: Playground): Promise<number> {
    const rows =
      await play.sql`select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'`;
    return rows.length;
  }

  test("stops the server's statement and rolls back; the connection serves nobody else", async () => {
    const play = await createPlayground({ files: slow });
    const controller = new AbortController();
    const answer = play.apply({}, { signal: controller.signal });
    await eventually(async () => (await sleeping(play)) > 0, "the slow statement");
    const [{ pid } = { pid: 0 }] = await play.sql<{ pid: number }[]>`
      select pid from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'`;
    const startedMs = performance.now();
    controller.abort();
    expect(await answer).toMatchObject({ status: "failed", failure: { code: "cancelled" } });
    expect(performance.now() - startedMs).toBeLessThan(2000);
    expect(await sleeping(play)).toBe(0);
    expect(await play.relations()).toEqual([]);
    expect(await play.entries()).toEqual([]);
    for (let call = 0; call < 4; call += 1) {
      const { rows } = await play.engine.executeSql({ query: "select pg_backend_pid() as pid" }, {});
      expect(rows?.[0]?.["pid"]).not.toBe(pid);
    }
  });

  test("while it waits for a lock says so, and is no fault", async () => {
    const play = await createPlayground({ before, files: change, settings: { lockTimeoutMs: 100 } });
    const release = await hold(play);
    const controller = new AbortController();
    const answer = play.apply({}, { signal: controller.signal });
    await eventually(
      async () => play.events.filter((event) => event.kind === "lock_waiting").length > 2,
      "retries",
    );
    controller.abort();
    expect(await answer).toMatchObject({ status: "failed", failure: { code: "cancelled" } });
    await release();
    expect(await play.relations()).toEqual(["busy"]);
  });

  test("at any moment leaves whole migrations and no half ones", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [
        `2026010100000${index}_m${index}.sql`,
        `create table t${index} (id int);\nselect pg_sleep(0.01);\ninsert into t${index} values (1);\n`,
      ]),
    );
    const play = await createPlayground({ files });
    for (let round = 0; round < 8; round += 1) {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), 20 + 15 * round);
      await play.apply({}, { signal: controller.signal });
      clearTimeout(timer);
      const entries = (await tableExists(play)) ? await play.entries() : [];
      expect(await play.relations()).toEqual(entries.map((entry) => `t${entry.version.slice(-1)}`));
    }
    expect((await play.apply()).status).toMatch(/^(applied|nothing_to_apply)$/);
    expect(await play.entries()).toHaveLength(8);
  });
});

async function tableExists(play: Playground): Promise<boolean> {
  const [row] =
    await play.sql`select to_regclass('supabase_migrations.schema_migrations') is not null as exists`;
  return row?.["exists"] === true;
}
