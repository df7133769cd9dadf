import { expect, test } from "vitest";
import { toRepeatable } from "../../../src/engine/plan/repeatable.ts";

const repeat = (sql: string): string =>
  toRepeatable({ sql, subject: undefined, closes: [], hazards: [], startsNewTransaction: false }).sql;

test.each([
  ['drop policy "p" on "public"."t"', 'drop policy if exists "p" on "public"."t"'],
  ['drop materialized view "public"."m"', 'drop materialized view if exists "public"."m"'],
  ['drop text search configuration "public"."c"', 'drop text search configuration if exists "public"."c"'],
  [
    'alter table "public"."t" drop column "c"',
    'alter table if exists "public"."t" drop column if exists "c"',
  ],
  [
    'alter table only "public"."t" drop constraint "c"',
    'alter table if exists only "public"."t" drop constraint if exists "c"',
  ],
  [
    'alter table "public"."t" add column "c" integer',
    'alter table "public"."t" add column if not exists "c" integer',
  ],
  [`alter type "public"."e" add value 'x'`, `alter type "public"."e" add value if not exists 'x'`],
  ['create table "public"."t" ()', 'create table if not exists "public"."t" ()'],
  [
    "CREATE UNIQUE INDEX i ON public.t USING btree (a)",
    "create UNIQUE index if not exists i ON public.t USING btree (a)",
  ],
  ['create view "public"."v" as select 1', 'create or replace view "public"."v" as select 1'],
])("%s is written so that it can run again", (sql, expected) => {
  expect(repeat(sql)).toBe(expected);
});

test.each([
  'alter table "public"."t" enable row level security',
  'grant select on table "public"."t" to "anon"',
  "CREATE OR REPLACE FUNCTION public.f() RETURNS integer LANGUAGE sql AS $function$ select 1 $function$",
  `comment on table "public"."t" is 'drop table x'`,
])("%s can run again as it is", (sql) => {
  expect(repeat(sql)).toBe(sql);
});

test("what has no such form is guarded against the one error that says it is so already", () => {
  expect(repeat('create policy "p" on "public"."t"')).toBe(
    [
      'do $godwit$ begin\n  create policy "p" on "public"."t";',
      "exception when duplicate_object or duplicate_table or duplicate_column or duplicate_function or duplicate_schema then null;",
      "end $godwit$",
    ].join("\n"),
  );
});

test("a guard's mark is one that the statement does not hold", () => {
  expect(repeat("create trigger x execute function f('$godwit$')")).toContain("do $godwit2$ begin");
});
