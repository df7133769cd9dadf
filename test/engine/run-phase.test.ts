import { afterAll, describe, expect, it } from "vitest";
import type { CallContext, Engine, RunPhaseRequest } from "../../src/engine/index.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createDatabase } from "../support/test-database.ts";
import { codeOf } from "./playground.ts";

const orders = `
create table public.orders (id bigint primary key, total numeric not null default 0, cents bigint, touched int not null default 0);
create table public.order_log (id bigint generated always as identity primary key, order_id bigint);
create function public.log_order() returns trigger language plpgsql as $$
begin
  insert into public.order_log (order_id) values (new.id);
  return new;
end $$;
create trigger log_order after update on public.orders for each row execute function public.log_order();
`;
const fill = "insert into public.orders (id, total) select g * 3, g from generate_series(1, 100) g";
const backfill = `update public.orders
set cents = total * 100, touched = touched + 1
where id between :from and :to and total >= 0;
`;

const places = ["embedded", 15, 17, 18] as const;

describe.each(places)("run_phase on %s", (place) => {
  // What depends on the server's version is in the first tests; the others run on the newest but one, and embedded.
  const further = place === "embedded" || place === 17 ? it : it.skip;
  const open: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of open.toReversed()) await close();
  });

  async function makeProject(files: Readonly<Record<string, string>> = {}): Promise<Play> {
    const database = place === "embedded" ? undefined : await createDatabase({ major: place });
    const project = await createProject({
      ...(database === undefined ? {} : { url: database.url }),
      files: {
        "supabase/config.toml": "",
        "supabase/migrations/20260101000000_orders.sql": orders,
        ...files,
      },
    });
    open.push(async () => {
      await project.remove();
      await database?.drop();
    });
    await project.engine.applyMigration({}, {});
    await write(project.engine, fill);
    return toPlay(project);
  }

  further("lists nothing in an empty project, and says how to begin", async () => {
    const { run } = await makeProject();
    const report = await run({});
    expect(report).toMatchObject({ status: "listed", phases: [] });
    expect(report.next_steps?.[0]).toContain("run_phase");
  });

  it("runs SQL once in one transaction, writes its file, and records what really changed", async () => {
    const { run, history, project } = await makeProject();
    const query =
      "insert into public.orders (id) values (1000);\nupdate public.orders set touched = 5 where id = 1000;\n";
    expect(await run({ phase: "1.1_mark_orders", query })).toMatchObject({
      status: "completed",
      rows_affected: 3,
      tables: expect.arrayContaining([{ table: "public.order_log", inserted: 1 }]),
    });
    expect(await history()).toMatchObject([
      {
        phase_number: "1.1",
        phase_name: "mark_orders",
        status: "completed",
        rows_affected: 3,
        version: null,
      },
    ]);
    expect(await run({ phase: "1.1" })).toMatchObject({ status: "already_completed" });
    expect(await codeOf(project.engine.runPhase({ phase: "1.1_mark_orders", query: "select 1" }, {}))).toBe(
      "file_exists",
    );
    await project.write({ "supabase/migrations/phases/1.1_mark_orders.sql": "select 2;" });
    expect(await codeOf(project.engine.runPhase({ phase: "1.1" }, {}))).toBe("not_applicable");
    expect((await run({})).phases).toMatchObject([{ phase: "1.1", state: "completed" }]);
  });

  further(
    "leaves nothing of a transaction that fails, says why, and runs it again when it is corrected",
    async () => {
      const { run, history, rows, project } = await makeProject();
      const query = "update public.orders set touched = 1 where id = 3;\nselect 1 / 0;\n";
      expect(await run({ phase: "2_fail", query })).toMatchObject({
        status: "failed",
        failure: { code: "statement_failed", sqlstate: "22012", line: 5 },
      });
      expect(await history()).toMatchObject([{ status: "error", error_message: "division by zero" }]);
      expect(await rows("select sum(touched)::int as n from public.orders")).toEqual([{ n: 0 }]);
      await project.write({
        "supabase/migrations/phases/2_fail.sql": "update public.orders set touched = 1 where id = 3;",
      });
      expect(await run({ phase: "2" })).toMatchObject({ status: "completed" });
      expect(await history()).toMatchObject([{ status: "completed", error_message: null }]);
    },
  );

  it("runs batches by key, each row once, and counts what triggers do", async () => {
    const { run, history, rows } = await makeProject();
    const request = { phase: "3_cents", query: backfill, key: "public.orders.id", batchSize: 7 };
    const dry = await run({ ...request, dryRun: true });
    expect(dry).toMatchObject({ status: "rehearsed", rows_affected: 14 });
    expect(dry.summary).toContain("15 batches");
    expect(dry.summary).not.toContain("some 0 seconds");
    expect(await history()).toEqual([]);
    expect(await run(request)).toMatchObject({
      status: "completed",
      progress: { batches: 15, rows_done: 100, rows_total: 100, done_to: "300" },
      rows_affected: 200,
    });
    expect(
      await rows(
        "select min(touched) as low, max(touched) as high, sum(cents)::int as cents from public.orders",
      ),
    ).toEqual([{ low: 1, high: 1, cents: 505000 }]);
    expect(await history()).toMatchObject([{ status: "completed", rows_affected: 200, phase_number: "3" }]);
  });

  further("stops when the time is up, and the next call goes on", async () => {
    const { run, rows, project } = await makeProject();
    await project.write({
      "supabase/migrations/phases/4_cents.sql": `-- Key: public.orders.id\n-- Batch size: 10\n-- Pause: 300 ms\n${backfill}`,
    });
    const first = await run({ phase: "4", maxSeconds: 1 });
    expect(first).toMatchObject({ status: "in_progress" });
    const [half] = await rows("select sum(touched)::int as n from public.orders");
    expect(half).toEqual({ n: first.progress?.rows_done });
    expect((await run({})).phases).toMatchObject([{ phase: "4", state: "in_progress" }]);
    await project.write({
      "supabase/migrations/phases/4_cents.sql": `-- Key: public.orders.id\n-- Batch size: 10\n${backfill}`,
    });
    expect(await run({ phase: "4" })).toMatchObject({ status: "completed", progress: { rows_done: 100 } });
    expect(await rows("select min(touched) as low, max(touched) as high from public.orders")).toEqual([
      { low: 1, high: 1 },
    ]);
    await project.write({
      "supabase/migrations/phases/5_cents.sql": `-- Key: public.orders.id\n-- Batch size: 50\n${backfill.replace("total * 100", "1 / (id - 210)")}`,
    });
    expect(await run({ phase: "5" })).toMatchObject({
      status: "failed",
      progress: { batches: 1, rows_done: 50, done_to: "150" },
      failure: { sqlstate: "22012" },
    });
    await project.write({
      "supabase/migrations/phases/5_cents.sql": `-- Key: public.orders.id\n${backfill}`,
    });
    expect(await codeOf(project.engine.runPhase({ phase: "5" }, {}))).toBe("not_applicable");
  });

  further("asks before it overwrites every row or deletes, and runs with the plan id", async () => {
    const { run, project } = await makeProject();
    const query = "delete from public.orders where id between :from and :to";
    const request = { phase: "6_clear", query, key: "orders.id", batchSize: 40 };
    const asked = await run(request);
    expect(asked).toMatchObject({
      status: "confirmation_required",
      losses: [{ object: "table public.orders", change: "deleted", rows: 100 }],
    });
    expect(await codeOf(project.engine.runPhase({ ...request, confirm: "0".repeat(64) }, {}))).toBe(
      "plan_is_stale",
    );
    expect(await run({ ...request, confirm: asked.plan_id ?? "" })).toMatchObject({
      status: "completed",
      rows_affected: 100,
    });
  });

  it("cuts by uuid, text and timestamp keys, and refuses keys with NULL", async () => {
    const { run, project, rows } = await makeProject();
    await project.engine.applyMigration(
      {
        name: "things",
        query: `create table public.things (
          a uuid primary key default gen_random_uuid(), b text not null, c timestamptz not null, d date, n int not null default 0, x int);`,
      },
      {},
    );
    await write(
      project.engine,
      `insert into public.things (b, c, d)
       select chr(97 + g % 5) || ' "x''' || g, timestamptz '2026-01-01' + g * interval '1.000001 hours', case when g > 2 then date '2026-01-01' + g / 4 end
       from generate_series(1, 50) g`,
    );
    let number = 0;
    for (const column of ["a", "b", "c"]) {
      number += 1;
      const query = `update public.things set n = n + 1 where ${column} >= :from and ${column} <= :to and x is null`;
      expect(
        await run({ phase: `${number}_by_${column}`, query, key: `public.things.${column}`, batchSize: 9 }),
      ).toMatchObject({ status: "completed", progress: { batches: 6, rows_done: 50 } });
      expect(await rows("select min(n) as low, max(n) as high from public.things")).toEqual([
        { low: number, high: number },
      ]);
    }
    const byDate = {
      phase: "9_by_d",
      query: "update public.things set n = n + 1 where d between :from and :to and x is null",
      key: "public.things.d",
      batchSize: 6,
    };
    expect(await codeOf(project.engine.runPhase(byDate, {}))).toBe("invalid_input");
    await write(project.engine, "update public.things set d = '2025-12-31' where d is null");
    expect(await run(byDate)).toMatchObject({ status: "completed" });
    expect(await rows("select min(n) as low, max(n) as high from public.things")).toEqual([
      { low: 4, high: 4 },
    ]);
  });

  it("adopts the phases of a founding table with nothing lost, once", async () => {
    const { run, history, project, rows } = await makeProject();
    await project.engine.applyMigration({ name: "founding", query: founding }, {});
    expect((await run({})).phases).toMatchObject([
      { phase: "1.1", state: "not_adopted" },
      { phase: "1.2", state: "not_adopted" },
      { phase: expect.stringContaining("Fresh Schema"), state: "not_adopted" },
    ]);
    const plan = await run({ adopt: true });
    expect(plan).toMatchObject({ status: "confirmation_required" });
    expect(await history()).toEqual([]);
    expect(await run({ adopt: true, confirm: plan.plan_id ?? "" })).toMatchObject({ status: "adopted" });
    const adopted = await history();
    expect(adopted).toMatchObject([
      { phase_number: "1.1", status: "completed", rows_affected: 12, rollback_sql: "select 1" },
      { phase_number: "1.2", status: "error" },
      { phase_number: "Fresh Schema", status: "error" },
    ]);
    expect(JSON.stringify(adopted[2])).toContain('"rolled_back"');
    expect(await rows("select count(*)::int as n from public.migration_history")).toEqual([{ n: 3 }]);
    expect((await run({ adopt: true })).summary).toContain("nothing to adopt");
    expect((await run({})).phases?.map(({ state }) => state)).toEqual(["completed", "error", "error"]);
  });
});

const founding = `
create table public.migration_history (
  id serial primary key, phase_number text not null, phase_name text not null, status text default 'pending',
  started_at timestamptz default now(), completed_at timestamptz, error_message text, rollback_sql text,
  rows_affected bigint, created_at timestamptz default now());
insert into public.migration_history (phase_number, phase_name, status, completed_at, rollback_sql, rows_affected)
values ('1.1', 'Move deals', 'completed', now(), 'select 1', 12), ('1.2', 'Names', 'failed', null, null, null),
  ('Fresh Schema', 'All anew', 'rolled_back', null, null, null);
`;

type Play = ReturnType<typeof toPlay>;

function toPlay(project: TestProject) {
  const rows = async (query: string) => (await project.engine.executeSql({ query }, {})).rows ?? [];
  return {
    project,
    rows,
    run: (request: RunPhaseRequest, call: CallContext = {}) => project.engine.runPhase(request, call),
    history: async () => {
      const exists = await rows(
        "select to_regclass('supabase_migrations.migration_history') is not null as yes",
      );
      expect(exists).toEqual([{ yes: true }]);
      return (
        await rows("select * from supabase_migrations.migration_history where kind = 'phase' order by id")
      ).map((row) => ({
        ...row,
        ...("rows_affected" in row && row["rows_affected"] !== null
          ? { rows_affected: Number(row["rows_affected"]) }
          : {}),
      }));
    },
  };
}

async function write(engine: Engine, query: string): Promise<void> {
  const asked = await engine.executeSql({ query, write: true }, {});
  if (asked.status === "confirmation_required")
    await engine.executeSql({ query, write: true, confirm: asked.plan_id ?? "" }, {});
}
