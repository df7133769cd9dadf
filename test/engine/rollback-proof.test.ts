import { describe, expect, it } from "vitest";
import { createPlayground } from "./playground.ts";

const settings = { rollbackWindowHours: 48 };

const before = `
  create table public.people (id int primary key, name varchar(20) not null default 'x', old text);
  insert into public.people values (1, 'a', 'kept'), (2, 'b', null);
  create view public.names as select id, name from public.people;
  create function public.greet() returns text language sql as $$ select 'hi' $$;
  create type public.mood as enum ('good', 'bad');
  alter table public.people enable row level security;
  create policy own on public.people for select using (id = 1);
  create sequence public.numbers; select nextval('public.numbers');
  create table public.empty (id int, gone text);`;

interface Case {
  readonly title: string;
  readonly sql: string;
  readonly verdict: string;
  readonly sqlHas?: RegExp;
}

const cases: readonly Case[] = [
  {
    title: "a new table with its index and policy",
    sql: "create table public.notes (id int primary key, body text); create index on public.notes (body); alter table public.notes enable row level security; create policy p on public.notes using (true);",
    verdict: "proven",
  },
  {
    title: "a renamed table, column and constraint",
    sql: "alter table public.people rename to persons; alter table public.persons rename column old to older; alter table public.persons rename constraint people_pkey to persons_pkey;",
    verdict: "proven",
    sqlHas: /rename to "people"/,
  },
  {
    title: "two tables that swap their names",
    sql: "alter table public.people rename to spare; alter table public.empty rename to people; alter table public.spare rename to empty;",
    verdict: "proven",
  },
  {
    title: "a function with another body",
    sql: "create or replace function public.greet() returns text language sql as $$ select 'ho' $$;",
    verdict: "proven",
  },
  { title: "a policy that is dropped", sql: "drop policy own on public.people;", verdict: "proven" },
  {
    title: "a wider type",
    sql: "drop view public.names; alter table public.people alter column name type varchar(40); create view public.names as select id, name from public.people;",
    verdict: "proven",
  },
  {
    title: "rows that are added",
    sql: "insert into public.people values (3, 'c', null);",
    verdict: "proven_schema_only",
  },
  {
    title: "rows that are added, with a rollback that takes them away",
    sql: "-- Rollback:\n--   delete from public.people where id = 3;\n\ninsert into public.people values (3, 'c', null);",
    verdict: "proven",
  },
  { title: "rows that are changed", sql: "update public.people set name = 'z';", verdict: "lossy" },
  {
    title: "a column with values that is dropped",
    sql: "alter table public.people drop column old;",
    verdict: "lossy",
  },
  {
    title: "a column without a row that is dropped",
    sql: "alter table public.empty drop column gone;",
    verdict: "proven",
  },
  {
    title: "a table with rows that is dropped inside a block",
    sql: "do $$ begin execute 'drop table public.people cascade'; end $$;",
    verdict: "lossy",
  },
  { title: "an empty table that is dropped", sql: "drop table public.empty;", verdict: "proven" },
  { title: "a table that is emptied", sql: "truncate public.people;", verdict: "lossy" },
  {
    title: "a used sequence that is dropped",
    sql: "drop sequence public.numbers;",
    verdict: "proven",
    sqlHas: /setval\('"public"."numbers"', 1\)/,
  },
  {
    title: "a rollback of its own that does not lead back",
    sql: "-- Rollback:\n--   alter table public.empty add column wrong int;\n\nalter table public.empty add column extra int;",
    verdict: "proven",
    sqlHas: /drop column "extra"/,
  },
  {
    title: "a sequence that is set",
    sql: "alter sequence public.numbers restart with 500;",
    verdict: "lossy",
  },
  {
    title: "values that are changed, with a rollback that puts back what they were",
    sql: "-- Rollback:\n--   update public.people set old = 'kept' where id = 1;\n\nupdate public.people set old = 'new' where id = 1;",
    verdict: "proven",
  },
  {
    title: "values that are changed, with a rollback that puts back something else",
    sql: "-- Rollback:\n--   update public.people set old = 'other' where id = 1;\n\nupdate public.people set old = 'new' where id = 1;",
    verdict: "proven_schema_only",
  },
  {
    title: "numbers that become text, and come back as the same numbers",
    sql: "drop view public.names; drop policy own on public.people; alter table public.people alter column id type text; create view public.names as select id, name from public.people;",
    verdict: "proven",
  },
  {
    title: "a type that gets another name",
    sql: "create table public.feelings (mood public.mood); alter type public.mood rename to feeling;",
    verdict: "proven",
  },
  { title: "nothing at all", sql: "select 1;", verdict: "proven" },
];

describe("the way back from a migration", () => {
  it.each(cases)("is told and recorded for $title", async ({ sql, verdict, sqlHas }) => {
    const ground = await createPlayground({ before, settings });
    const rehearsed = await ground.apply({ name: "change", query: sql, dryRun: true });
    expect(rehearsed.failure).toBeUndefined();
    expect(rehearsed.migrations[0]?.rollback).toMatch(new RegExp(`^${verdict}:`));
    const applied = await ground.apply({ name: "change", query: sql, confirm: rehearsed.plan_id ?? "" });
    expect(applied.migrations[0]?.rollback).toMatch(new RegExp(`^${verdict}:`));
    const [run] = await ground.runs();
    expect(run?.["rollback_verdict"]).toBe(verdict);
    if (sqlHas !== undefined) expect(run?.["rollback_sql"]).toMatch(sqlHas);
  });

  it("is the file of the same name in rollback/, where the migration's own header has none", async () => {
    const down = "drop table public.notes;";
    const ground = await createPlayground({
      files: {
        "20260101000000_notes.sql": "create table public.notes (id int);",
        "rollback/20260101000000_notes.sql": down,
      },
      settings,
    });
    const applied = await ground.apply();
    expect(applied.migrations[0]?.rollback).toMatch(/^proven: the file's own rollback/);
    expect((await ground.runs())[0]).toMatchObject({ rollback_sql: down, rollback_verdict: "proven" });
  });

  it("is found for a migration in steps, too", async () => {
    const ground = await createPlayground({
      files: { "20260101000000_index.sql": "create index concurrently people_name on public.people (name);" },
      before,
      settings,
    });
    const applied = await ground.apply();
    expect(applied.migrations[0]?.rollback).toMatch(/^proven:/);
    expect((await ground.runs())[0]?.["rollback_sql"]).toMatch(/drop index "public"\."people_name"/);
  });

  it("is not looked for where the window is closed", async () => {
    const ground = await createPlayground({ settings: { rollbackWindowHours: 0 } });
    const applied = await ground.apply({ name: "t", query: "create table public.t (id int);" });
    expect(applied.migrations[0]).not.toHaveProperty("rollback");
  });

  it("leads back from a migration that only wrote rows, and says that they stay", async () => {
    const ground = await createPlayground({ before, settings });
    await ground.apply({ name: "rows", query: "insert into public.people values (3, 'c', null);" });
    const report = await ground.engine.rollbackMigration({}, {});
    expect(report).toMatchObject({ status: "rolled_back", migrations: [{ statements: 0 }] });
    expect(report.warnings?.join(" ")).toMatch(/public\.people.* stay/);
    expect(await ground.entries()).toEqual([]);
  });

  it("changes nothing by being tried", async () => {
    const ground = await createPlayground({ before, settings });
    await ground.apply({
      name: "t",
      query: "create table public.t (id int); insert into public.t values (1);",
    });
    expect(await ground.sql`select id from public.t`).toHaveLength(1);
    expect(await ground.sql`select id from public.people`).toHaveLength(2);
  });
});
