import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApplyMigrationReport } from "../../src/engine/index.ts";
import { createProject } from "../support/project.ts";
import { createDatabase } from "../support/test-database.ts";
import { codeOf, connect, createPlayground } from "./playground.ts";

const dropLines = { "20260101000000_change.sql": "drop table lines;" };

const before = `
  create table orders (id int primary key, total numeric(10, 2), note text);
  insert into orders select g, g + 0.25, case when g <= 3 then 'n' end from generate_series(1, 250) g;
  create table lines (id int primary key, order_id int references orders);
  insert into lines select g, 1 from generate_series(1, 40) g;
  create table empty (id int, note text);
  create schema shop;
  create table shop.items (id int);
  insert into shop.items values (1), (2);
  create view order_notes as select id, note from orders;
  create table codes (id int, code varchar(10), price numeric(10, 2));
  insert into codes values (1, 'a', 1.25), (2, 'b', 2), (3, null, null);
  create view low as select 1 as a;
  create view high as select a from low;
  create function lows(how int) returns setof low language sql as 'select a from low';
  create type mood as enum ('good', 'bad');
  create table moods (id int, mood mood);
  insert into moods values (1, 'good');
  create table guarded (id int);
  alter table guarded enable row level security;
  create policy own on guarded using (true);
  insert into guarded values (1);
  create table unfilled (id int);
  alter table unfilled enable row level security;
  create policy own on unfilled using (true);
  create function drop_lines() returns void language plpgsql as 'begin drop table lines; end';
`;

/** One project for the cases that change nothing. */
let dropShared: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  const database = await createDatabase();
  const sql = connect(database.url);
  await sql.unsafe(before).simple();
  const project = await createProject({ url: database.url });
  ask = (request) => project.engine.applyMigration({ name: "change", ...request }, {});
  countOrders = async () => (await sql`select count(*)::int from orders`)[0]?.["count"];
  dropShared = async () => {
    await project.remove();
    await sql.end({ timeout: 1 });
    await database.drop();
  };
});
afterAll(() => dropShared());

let ask: (request: { query: string; dryRun?: boolean }) => Promise<ApplyMigrationReport>;
let countOrders: () => Promise<unknown>;

describe("a migration that destroys what exists", () => {
  test.each([
    ["drop table lines;", [{ object: "table public.lines", change: "dropped", rows: 40 }]],
    [
      "drop table orders cascade;",
      [
        { object: "table public.orders", change: "dropped", rows: 250 },
        { object: "view public.order_notes", change: "dropped" },
      ],
    ],
    ["alter table orders drop column total;", [{ object: "column public.orders.total", rows: 250 }]],
    [
      "alter table orders drop column note cascade;",
      [
        { object: "column public.orders.note", rows: 3 },
        { object: "view public.order_notes", change: "dropped" },
      ],
    ],
    [
      "drop view low cascade; create view low as select 2 as a; create view high as select a from low; create function lows() returns setof low language sql as 'select a from low';",
      [{ object: expect.stringContaining("public.lows(integer)"), change: "dropped" }],
    ],
    [
      "create or replace view high as select a from low; drop view low cascade; create function lows(n int) returns int language sql as 'select n';",
      [{ object: "view public.high", change: "dropped" }],
    ],
    ["drop schema shop cascade;", [{ object: "table shop.items", rows: 2 }]],
    ["drop type mood cascade;", [{ object: "column public.moods.mood", rows: 1 }]],
    ["truncate lines;", [{ object: "table public.lines", change: "emptied", rows: 40 }]],
    [
      "truncate orders cascade;",
      [
        { object: "table public.orders", change: "emptied", rows: 250 },
        { object: "table public.lines", change: "emptied", rows: 40 },
      ],
    ],
    ["delete from lines;", [{ object: "table public.lines", change: "deleted", rows: 40 }]],
    ["delete from lines where 1 = 1;", [{ change: "deleted", rows: 40 }]],
    ["delete from only lines l where l.id = l.id or false;", [{ change: "deleted", rows: 40 }]],
    ["with gone as (delete from lines returning *) select count(*) from gone;", [{ change: "deleted" }]],
    ["update orders set note = 'x';", [{ object: "table public.orders", change: "overwritten", rows: 250 }]],
    [
      "alter table codes alter column price type int;",
      [{ object: "column public.codes.price", change: "converted", rows: 1 }],
    ],
    [
      "alter table codes alter column code type text using upper(code);",
      [{ object: "column public.codes.code", change: "converted", rows: 2 }],
    ],
    ["alter table guarded disable row level security;", [{ change: "unprotected" }]],
    ["drop policy own on guarded;", [{ change: "dropped" }]],
    ["alter table lines rename to rows; drop table rows;", [{ object: "table public.lines", rows: 40 }]],
    [
      "alter table orders rename column total to sum; alter table orders drop column sum;",
      [{ object: "column public.orders.total", rows: 250 }],
    ],
    ["alter schema shop rename to store; drop table store.items;", [{ object: "table shop.items" }]],
    [
      "do $$ begin if true then drop table lines; end if; end $$;",
      [{ object: "table public.lines", rows: 40 }],
    ],
    ["do $$ begin execute 'truncate lines'; end $$;", [{ change: "emptied", rows: 40 }]],
    [
      "do $$ declare t text; begin for t in select tablename from pg_tables loop execute format('drop table %I', t); end loop; end $$;",
      [{ change: "dropped", cannot_come_back: "everything that it takes with it" }],
    ],
    ["set search_path = shop; drop table items;", [{ object: "table shop.items", rows: 2 }]],
  ])("asks first, and changes nothing: %s", async (sql, losses) => {
    const report = await ask({ query: sql });
    expect(report).toMatchObject({ status: "confirmation_required", losses });
    expect(report.losses).toHaveLength(losses.length);
    expect(report.plan_id).toMatch(/^[0-9a-f]{64}$/);
    expect(report.next_steps?.join()).toContain(report.plan_id);
    expect(await countOrders()).toBe(250);
  });

  test.each([
    "create table fresh (id int); insert into fresh values (1); drop table fresh;",
    "create table fresh (id int, a int); insert into fresh values (1); update fresh set a = 2; delete from fresh;",
    "drop table empty;",
    "drop table if exists nothing_there cascade;",
    "alter table empty drop column note;",
    "truncate empty;",
    "delete from empty;",
    "delete from lines where id = 1;",
    "update orders set note = 'x' where id = 1;",
    "alter table codes alter column code type varchar(50);",
    "alter table codes alter column id type bigint using id::bigint;",
    "alter table codes alter column price type numeric(12, 2);",
    "drop view order_notes;",
    "drop view low cascade; create view low as select 2 as a; create materialized view high as select a from low; create function lows(n int) returns int language sql as 'select n';",
    "drop policy own on guarded; create policy own on guarded using (id > 0);",
    "alter table moods disable row level security;",
    "alter table unfilled disable row level security; drop policy own on unfilled;",
    "create function clear() returns void language sql begin atomic delete from lines; end;",
    "do $$ begin if false then drop table empty; end if; end $$;",
    "alter table lines rename to old_lines; create table lines (id int); drop table lines;",
  ])("does not ask for what destroys nothing: %s", async (sql) => {
    const report = await ask({ query: sql, dryRun: true });
    expect(report).toMatchObject({ status: "rehearsed" });
    expect(report.losses).toBeUndefined();
  });

  test("goes through with its plan's id, once, and leaves file and history as any other", async () => {
    const play = await createPlayground({ before, files: dropLines });
    const { plan_id: confirm = "" } = await play.apply();
    expect((await play.engine.listMigrations({}, {})).counts).toEqual({ pending: 1 });
    expect(await play.apply({ confirm })).toMatchObject({ status: "applied" });
    expect(await play.relations()).not.toContain("lines");
    expect(await codeOf(play.apply({ confirm }))).toBe("plan_is_stale");
  });

  test("is not applied by true, yes or another plan's id", async () => {
    const play = await createPlayground({ before, files: dropLines });
    for (const confirm of ["true", "yes", "", "a".repeat(64)])
      expect(await codeOf(play.apply({ confirm }))).toBe("plan_is_stale");
    expect(await play.relations()).toContain("lines");
  });

  test("needs the person's own yes where the caller can ask its person", async () => {
    const play = await createPlayground({ before, files: dropLines });
    const { plan_id: confirm = "" } = await play.apply({ dryRun: true });
    const call = { canAskPerson: true };
    expect(await play.apply({ confirm }, call)).toMatchObject({ status: "confirmation_required" });
    const answered = { ...call, approvedPlan: confirm };
    expect(await codeOf(play.apply({}, { ...call, approvedPlan: "a".repeat(64) }))).toBe("plan_is_stale");
    expect(await play.apply({}, answered)).toMatchObject({ status: "applied" });
    expect(await codeOf(play.apply({}, answered))).toBe("plan_is_stale");
  });
});

describe("a plan that was approved", () => {
  const file = { "20260101000000_change.sql": "create table more (id int);" };

  test.each([
    ["create table other (id int);", "schema has changed (new: "],
    ["alter table empty add column extra int;", "column public.empty.extra"],
    ["alter table empty drop column note;", "gone: column public.empty.note"],
    ["alter table empty alter column note set default 'x';", "public.empty.note"],
    ["create policy p on empty using (true);", "policy public.empty.p"],
    ["grant select on empty to public;", "on table public.empty"],
  ])("is refused once the schema has changed, and names it: %s", async (sql, named) => {
    const play = await createPlayground({ before, files: file });
    const { plan_id: confirm = "" } = await play.apply({ dryRun: true });
    await play.sql.unsafe(sql);
    await expect(play.apply({ confirm })).rejects.toMatchObject({
      code: "plan_is_stale",
      message: expect.stringContaining(named) as unknown,
    });
    expect(await play.relations()).not.toContain("more");
  });

  test("is refused by another process with the part that has changed", async () => {
    const play = await createPlayground({ before, files: file });
    const { plan_id: confirm = "" } = await play.apply({ dryRun: true });
    expect(await play.anotherEngine().applyMigration({ confirm, dryRun: true }, {})).toMatchObject({
      status: "rehearsed",
    });
    await play.sql`create table other (id int)`;
    const refused = play.anotherEngine().applyMigration({ confirm }, {});
    await expect(refused).rejects.toMatchObject({
      code: "plan_is_stale",
      message: expect.stringContaining("the schema has changed") as unknown,
    });
    await play.write({ "20260101000000_change.sql": "create table more (id bigint);" });
    await expect(play.apply({ confirm })).rejects.toMatchObject({
      message: expect.stringContaining(
        "the migrations have changed (changed: 20260101000000_change.sql)",
      ) as unknown,
    });
  });

  test("survives rows that come and go, statistics and sequences that move on", async () => {
    const play = await createPlayground({ before: `${before} create table s (id serial);`, files: file });
    const { plan_id: confirm = "" } = await play.apply({ dryRun: true });
    await play.sql.unsafe("insert into s default values; delete from lines where id = 1; analyze;").simple();
    expect(await play.apply({ confirm })).toMatchObject({ status: "applied" });
  });

  test("is refused under the lock where the schema changed after the plan was looked at again", async () => {
    const play = await createPlayground({ before, files: { "20250101000000_first.sql": "select 1;" } });
    await play.apply();
    await play.write(file);
    const { plan_id: confirm = "" } = await play.apply({ dryRun: true });
    const holder = await play.sql.reserve();
    await holder`begin`;
    await holder`lock table supabase_migrations.schema_migrations in share mode`;
    const answer = play.apply({ confirm });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await play.sql`create table other (id int)`;
    await holder`commit`;
    holder.release();
    const report = await answer;
    expect(report).toMatchObject({ status: "failed", failure: { code: "plan_is_stale" } });
    expect(report.failure?.message).toContain("table public.other");
    expect(await play.relations()).not.toContain("more");
  });
});
