import { describe, expect, test } from "vitest";
import { codeOf, createPlayground, type Playground } from "./playground.ts";

const before = `
  create table orders (id int primary key, note text);
  insert into orders select g, 'n' from generate_series(1, 3000) g;
  create table lines (id int primary key, order_id int references orders on delete cascade);
  insert into lines select g, g from generate_series(1, 3000) g;
  create table few (id int);
  insert into few select g from generate_series(1, 1000) g;
  create table bare (id int);
  create function wipe() returns void language plpgsql as 'begin execute ''truncate few''; end';
  create procedure shrink(most int) language plpgsql as 'begin delete from orders where id <= most; end';
  create function lose() returns int language plpgsql as 'begin drop table few; return 1; end';
`;

function playWith(sql: string): Promise<Playground> {
  return createPlayground({ before, files: { "20260101000000_change.sql": sql } });
}

describe("a migration that turns out to destroy what nobody has confirmed", () => {
  test.each([
    ["delete from lines where id > 10;", [{ object: "table public.lines", change: "deleted", rows: 2990 }]],
    ["update lines set order_id = 1 where id > 10;", [{ change: "overwritten", rows: 2990 }]],
    [
      "call shrink(600);",
      [
        { object: "table public.orders", change: "deleted", rows: 600 },
        { object: "table public.lines", change: "deleted", rows: 600 },
      ],
    ],
    ["select wipe();", [{ object: "table public.few", change: "emptied" }]],
    ["select lose() from generate_series(1, 1);", [{ object: "table public.few", change: "dropped" }]],
    ["alter table lines rename to rows; delete from rows where id > 10;", [{ object: "table public.lines" }]],
    [
      "delete from few; delete from lines where id > 1;",
      [
        { object: "table public.lines", rows: 2999 },
        { object: "table public.few", rows: 1000 },
      ],
      { asksFirst: true },
    ],
  ])(
    "is rolled back and asked about, and goes through with that plan's id: %s",
    async (sql, losses, more?: { asksFirst: boolean }) => {
      const play = await playWith(sql);
      const first = more?.asksFirst === true ? (await play.apply()).plan_id : undefined;
      const report = await play.apply(first === undefined ? {} : { confirm: first });
      expect(report).toMatchObject({ status: "confirmation_required", migrations: [{ outcome: "not_run" }] });
      expect(report.losses).toMatchObject(losses);
      expect(report.plan_id).toMatch(/^[0-9a-f]{64}-[0-9a-f]{8}$/);
      expect(await counts(play)).toEqual({ orders: 3000, lines: 3000, few: 1000 });
      const { plan_id: confirm = "" } = report;
      expect(await play.apply({ confirm: confirm.slice(0, 64) })).toMatchObject({
        status: "confirmation_required",
      });
      const forged = `${confirm.slice(0, 64)}-00000000`;
      expect(await play.apply({ confirm: forged })).toMatchObject({ status: "confirmation_required" });
      expect(await play.anotherEngine().applyMigration({ confirm }, {})).toMatchObject({ status: "applied" });
      expect(await codeOf(play.apply({ confirm }))).toBe("plan_is_stale");
    },
  );

  test.each([
    "delete from lines where id <= 1000;",
    "alter table lines add column total int; update lines set total = id; update lines set total = 2 where id > 5;",
    "create table fresh as select * from orders; update fresh set note = 'x' where id > 1; delete from fresh where id > 2;",
    "insert into bare select g from generate_series(1, 5000) g; update bare set id = id + 1 where id > 1;",
    "alter table orders alter column id type bigint; select count(*) from orders;",
    "do $$ begin perform set_config('x.y', '1', true); create temp table t as select 1 as a; drop table t; end $$;",
  ])("is not asked about where it destroys little or only what is its own: %s", async (sql) => {
    expect(await (await playWith(sql)).apply()).toMatchObject({ status: "applied" });
  });

  test("is measured by a dry run, whose plan's id then goes through at once", async () => {
    const play = await playWith("call shrink(600);");
    const rehearsed = await play.apply({ dryRun: true });
    expect(rehearsed).toMatchObject({ status: "rehearsed", losses: [{ rows: 600 }, { rows: 600 }] });
    expect(await play.apply({ confirm: rehearsed.plan_id ?? "" })).toMatchObject({ status: "applied" });
  });

  test("keeps the migrations before it, and asks the person where there is one", async () => {
    const play = await createPlayground({
      before,
      files: {
        "20260101000000_first.sql": "create table first (id int);",
        "20260102000000_second.sql": "delete from lines where id > 10;",
        "20260103000000_third.sql": "create table third (id int);",
      },
    });
    const call = { canAskPerson: true };
    const report = await play.apply({}, call);
    expect(report.migrations.map(({ outcome }) => outcome)).toEqual(["applied", "not_run", "not_run"]);
    expect(report.summary).toContain("Applied 1 migration");
    const { plan_id: approvedPlan = "" } = report;
    expect(await play.apply({ confirm: approvedPlan }, call)).toMatchObject({
      status: "confirmation_required",
    });
    expect(await play.apply({}, { ...call, approvedPlan })).toMatchObject({ status: "applied" });
  });

  test("is asked about again where far more rows are gone by then, not where a few are", async () => {
    const play = await playWith("delete from lines where id > 10;");
    const { plan_id: confirm = "" } = await play.apply();
    await play.sql.unsafe("insert into lines select g, 1 from generate_series(3001, 3100) g").simple();
    await play.sql.unsafe("insert into lines select g, 1 from generate_series(3101, 20000) g").simple();
    const again = await play.apply({ confirm });
    expect(again).toMatchObject({ status: "confirmation_required", losses: [{ rows: 19_990 }] });
    await play.sql.unsafe("delete from lines where id > 19000").simple();
    expect(await play.apply({ confirm: again.plan_id ?? "" })).toMatchObject({ status: "applied" });
  });

  test("of given SQL leaves its file, which the same call then applies", async () => {
    const play = await createPlayground({ before });
    const request = { name: "thin_out", query: "delete from lines where id > 10;" };
    const report = await play.apply(request);
    expect(report).toMatchObject({ status: "confirmation_required" });
    expect((await play.engine.listMigrations({}, {})).counts).toEqual({ pending: 1 });
    expect(await play.apply({ ...request, confirm: report.plan_id ?? "" })).toMatchObject({
      status: "applied",
    });
  });
});

async function counts(play: Playground): Promise<unknown> {
  const [row] = await play.sql`
    select
      (select count(*)::int from orders) as orders,
      (select count(*)::int from lines) as lines,
      (select count(*)::int from few) as few`;
  return row;
}
