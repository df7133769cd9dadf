import { expect } from "vitest";
import type { RunPhaseReport } from "../../src/engine/index.ts";
import { connect, createPlayground, eventually, pause, type Playground } from "./playground.ts";
import { bundleScript, startScript } from "./runner-process.ts";

export interface Backfill {
  readonly rows: number;
  readonly kills: number;
  readonly batchSize: number;
  readonly budgetMs: number;
}

export interface BackfillSeen {
  /** Rows done when each runner was killed. */
  readonly killedAt: readonly number[];
  readonly report: RunPhaseReport;
  /** The longest that a session of the runner was seen to hold a row lock on the table, in milliseconds, and in how many looks. */
  readonly longestLockMs: number;
  readonly looks: number;
  readonly durationMs: number;
}

const setUp = (rows: number) => `
create table public.big (id bigint primary key, amount bigint not null, cents bigint, touched int not null default 0);
insert into public.big (id, amount) select g * 3 + g % 3, g from generate_series(1, ${rows}) g;

create function public.note_touch() returns trigger language plpgsql as $$
begin
  new.touched := old.touched + 1;
  return new;
end $$;
create trigger note_touch before update on public.big for each row execute function public.note_touch();
analyze public.big;
`;

const phaseFile = ({ batchSize, budgetMs }: Backfill) => `-- Phase: 1 fill_cents
-- Key: public.big.id
-- Batch size: ${batchSize}
-- Pause: 0 ms
-- Budget: ${budgetMs} ms

update public.big set cents = amount * 100 where id between :from and :to and amount > 0;
`;

/** Fills a column of a big table with runners that are killed at work, while another session watches their locks; asserts that each row was done once. */
export async function runBackfill(order: Backfill): Promise<BackfillSeen> {
  const play = await createPlayground({
    before: setUp(order.rows),
    files: { "phases/1_fill_cents.sql": phaseFile(order) },
  });
  const { script, remove } = await bundleScript("phase-runner.ts");
  const watch = watchLocks(play.url);
  const startedMs = performance.now();
  try {
    const killedAt: number[] = [];
    for (let kill = 1; kill <= order.kills; kill += 1) {
      const running = startScript(script, [play.url, play.dir, "1"]);
      // Some batches further than the last, and then in the middle of one.
      await running.printed("batch_finished", 2 + (kill % 3));
      await pause(kill * 7);
      running.kill();
      expect(await running.lastLine).toBeUndefined();
      await sessionsToEnd(play);
      killedAt.push(await expectWholeBatches(play));
    }
    const last = startScript(script, [play.url, play.dir, "1"]);
    const report = JSON.parse((await last.lastLine) ?? "") as RunPhaseReport;
    const { longestLockMs, looks } = await watch.stop();
    return { killedAt, report, longestLockMs, looks, durationMs: performance.now() - startedMs };
  } finally {
    await watch.stop();
    await remove();
  }
}

/** The rows that were done are those below the recorded mark, each once, and those that the record counts. */
async function expectWholeBatches(play: Playground): Promise<number> {
  const [seen] = await play.sql<{ done: string; twice: string; beyond: string; recorded: string }[]>`
    select
      count(*) filter (where touched = 1) as done,
      count(*) filter (where touched > 1) as twice,
      count(*) filter (where touched > 0 and b.id > (h.progress ->> 'mark')::bigint) as beyond,
      max(h.progress ->> 'rowsDone') as recorded
    from public.big b, supabase_migrations.migration_history h
    where h.kind = 'phase'`;
  expect(seen).toMatchObject({ twice: "0", beyond: "0" });
  expect(seen?.done).toBe(seen?.recorded);
  return Number(seen?.done);
}

async function sessionsToEnd(play: Playground): Promise<void> {
  await eventually(async () => {
    const rows = await play.sql`
      select from pg_stat_activity where datname = current_database() and application_name = 'godwit'`;
    return rows.length === 0;
  }, "the end of the killed runner's sessions");
}

/** Looks again and again how long transactions of the runner have held their row locks on the table. */
function watchLocks(url: string): { readonly stop: () => Promise<{ longestLockMs: number; looks: number }> } {
  const sql = connect(url, { max: 1 });
  const seen = { longestLockMs: 0, looks: 0 };
  const state = { isStopped: false };
  const watching = (async () => {
    while (!state.isStopped) {
      const rows = await sql<{ age: number }[]>`
        select extract(epoch from clock_timestamp() - a.xact_start)::float8 * 1000 as age
        from pg_locks l
        join pg_stat_activity a on a.pid = l.pid
        where l.relation = 'public.big'::regclass and l.granted and l.mode = 'RowExclusiveLock'
          and a.application_name = 'godwit'`;
      seen.looks += rows.length;
      seen.longestLockMs = Math.max(seen.longestLockMs, ...rows.map(({ age }) => age));
      await pause(5);
    }
    await sql.end({ timeout: 1 });
  })();
  return {
    stop: async () => {
      state.isStopped = true;
      await watching;
      return seen;
    },
  };
}
