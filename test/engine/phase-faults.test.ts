import { expect, onTestFinished, test } from "vitest";
import type { EngineEvent } from "../../src/engine/index.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { sharedServer } from "../support/test-database.ts";
import { codeOf, connect, createPlayground, type Playground } from "./playground.ts";

const table = `
create table public.items (id int primary key, n int not null default 0);
insert into public.items (id) select generate_series(1, 60);
`;

function phaseFile(statement: string, lines = ""): string {
  return `-- Key: public.items.id\n-- Batch size: 10\n-- Pause: 0 ms\n${lines}\n${statement}\n`;
}

const count = "update public.items set n = n + 1 where id between :from and :to and n >= 0;";

async function phaseStates(play: Playground): Promise<readonly unknown[]> {
  return Array.from(
    await play.sql`
      select status, progress ->> 'mark' as mark, (progress ->> 'batches')::int as batches
      from supabase_migrations.migration_history where kind = 'phase'`,
  );
}

async function expectOnceEach(play: Playground): Promise<void> {
  expect(Array.from(await play.sql`select n, count(*)::int as items from public.items group by n`)).toEqual([
    { n: 1, items: 60 },
  ]);
}

test.each(["cutAfterRequest", "cutBeforeRequest"] as const)(
  "a connection that breaks at a batch's COMMIT (%s) costs nothing: the mark tells what was kept",
  async (fault) => {
    const { port } = await sharedServer(17);
    const proxy = await startTcpProxy(port);
    onTestFinished(() => proxy.close());
    const play = await createPlayground({
      before: table,
      files: { "phases/1_count.sql": phaseFile(count) },
      engineUrl: (url) => url.replace(`:${port}/`, `:${proxy.port}/`),
    });
    // The tables of the history are made by then.
    await play.engine.runPhase({ phase: "0_begin", query: "select 1" }, {});
    const observe = (event: EngineEvent) => {
      if (event.kind === "batch_finished" && event.batch === 3) proxy[fault]("\0commit\0");
    };
    expect(await play.engine.runPhase({ phase: "1" }, { observe })).toMatchObject({
      status: "completed",
      progress: { batches: 6, rows_done: 60 },
    });
    await expectOnceEach(play);
  },
);

test("of two runners one works and the other says so", async () => {
  const play = await createPlayground({
    before: table,
    files: { "phases/1_count.sql": phaseFile(count) },
    // Longer than the second runner waits for the first.
    settings: { lockWaitMs: 60_000 },
  });
  const blocker = connect(play.url, { max: 1 });
  onTestFinished(() => blocker.end({ timeout: 1 }));
  await blocker`begin`;
  await blocker`update public.items set n = n where id = 35`;
  let hasBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (hasBegun = resolve));
  const observe = (event: EngineEvent) => void (event.kind === "phase_started" && hasBegun());
  const first = play.engine.runPhase({ phase: "1" }, { observe });
  await begun;
  expect(await play.anotherEngine().runPhase({ phase: "1" }, {})).toMatchObject({
    status: "running_elsewhere",
  });
  await blocker`rollback`;
  expect(await first).toMatchObject({ status: "completed" });
  await expectOnceEach(play);
});

test("a lock that somebody holds is waited for in short attempts, and named when the wait is over", async () => {
  const play = await createPlayground({
    before: table,
    files: { "phases/1_count.sql": phaseFile(count) },
    settings: { lockTimeoutMs: 100, lockWaitMs: 300 },
  });
  const blocker = connect(play.url, { max: 1 });
  onTestFinished(() => blocker.end({ timeout: 1 }));
  await blocker`begin`;
  await blocker`update public.items set n = n where id = 35`;
  const report = await play.engine.runPhase({ phase: "1" }, {});
  expect(report).toMatchObject({
    status: "failed",
    failure: { code: "lock_not_available" },
    progress: { rows_done: 30 },
  });
  await blocker`rollback`;
  expect(await play.engine.runPhase({ phase: "1" }, {})).toMatchObject({ status: "completed" });
  await expectOnceEach(play);
});

test("cancelling rolls the running batch back, and says where it stopped", async () => {
  const slow =
    "update public.items set n = n + 1 where id between :from and :to and n >= 0 and (id < 25 or pg_sleep(0.3) is not null);";
  const play = await createPlayground({
    before: table,
    files: { "phases/1_count.sql": phaseFile(slow, "-- Budget: 60000 ms\n") },
  });
  const controller = new AbortController();
  const observe = (event: EngineEvent) => {
    if (event.kind === "batch_finished" && event.batch === 2) setTimeout(() => controller.abort(), 100);
  };
  const report = await play.engine.runPhase({ phase: "1" }, { observe, signal: controller.signal });
  expect(report).toMatchObject({
    status: "failed",
    failure: { code: "cancelled" },
    progress: { batches: 2, done_to: "20" },
  });
  expect(await phaseStates(play)).toEqual([{ status: "pending", mark: "20", batches: 2 }]);
  expect(await play.sql`select from public.items where n > 0`).toHaveLength(20);
});

test("a batch that runs out of its budget is tried again smaller, down to one row, and fails only then", async () => {
  const slow =
    "update public.items set n = n + 1 where id between :from and :to and n >= 0 and pg_sleep(0.05) is not null;";
  const play = await createPlayground({
    before: table,
    files: {
      "phases/1_slow.sql": phaseFile(slow, "-- Budget: 500 ms\n"),
      "phases/2_hopeless.sql": phaseFile(slow.replace("0.05", "5"), "-- Budget: 200 ms\n"),
    },
  });
  const report = await play.engine.runPhase({ phase: "1" }, {});
  expect(report).toMatchObject({ status: "completed", progress: { rows_done: 60 } });
  expect(report.progress?.batches).toBeGreaterThan(6);
  await expectOnceEach(play);
  expect(await play.engine.runPhase({ phase: "2" }, {})).toMatchObject({
    status: "failed",
    failure: { code: "statement_timeout" },
  });
});

test("rows that come after the beginning are told and not touched", async () => {
  const trigger = `
create function public.add_late() returns trigger language plpgsql as $$
begin
  insert into public.items values (1000, 0);
  return new;
end $$;
create trigger add_late after update on public.items for each row when (new.id = 15) execute function public.add_late();`;
  const play = await createPlayground({
    before: table + trigger,
    files: { "phases/1_count.sql": phaseFile(count) },
  });
  const report = await play.engine.runPhase({ phase: "1" }, {});
  expect(report).toMatchObject({ status: "completed", progress: { rows_done: 60 }, rows_affected: 61 });
  expect(report.warnings).toHaveLength(1);
  expect(Array.from(await play.sql`select n from public.items where id = 1000`)).toEqual([{ n: 0 }]);
});

test("batches are refused on a transaction pooler, and one transaction is not", async () => {
  const play = await createPlayground({
    before: table,
    files: { "phases/1_count.sql": phaseFile(count) },
    engineUrl: (url) => `${url}${url.includes("?") ? "&" : "?"}pool_mode=transaction`,
  });
  expect(await codeOf(play.engine.runPhase({ phase: "1" }, {}))).toBe("needs_session");
  const query = "update public.items set n = 1 where id = 1";
  expect(await play.engine.runPhase({ phase: "2_one", query }, {})).toMatchObject({
    status: "completed",
    rows_affected: 1,
  });
});

test("a phase that was adopted as failed begins at zero and keeps what it was", async () => {
  const founding = `
create table public.migration_history (
  id serial primary key, phase_number text, phase_name text, status text, rows_affected bigint, error_message text);
insert into public.migration_history (phase_number, phase_name, status, rows_affected, error_message)
values ('1', 'Count all', 'failed', 7, 'out of coffee');`;
  const play = await createPlayground({
    before: table + founding,
    files: { "phases/1_count.sql": phaseFile(count) },
  });
  const plan = await play.engine.runPhase({ adopt: true }, {});
  await play.engine.runPhase({ adopt: true, confirm: plan.plan_id ?? "" }, {});
  expect(await play.engine.runPhase({ phase: "1" }, {})).toMatchObject({
    status: "completed",
    rows_affected: 60,
  });
  const [row] = await play.sql`
    select phase_name, progress -> 'adoptedFrom' -> 'row' ->> 'error_message' as was
    from supabase_migrations.migration_history where kind = 'phase'`;
  expect(row).toEqual({ phase_name: "count", was: "out of coffee" });
  await expectOnceEach(play);
});
