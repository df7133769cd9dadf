import { expect, test } from "vitest";
import { weighFindings } from "../../../src/engine/confirmation/weigh-findings.ts";
import { checkStatements } from "../../../src/engine/rules/index.ts";
import { planOf } from "./plan-of.ts";

const tables = {
  names: ["public.filled", "public.empty", "public.unknown", "auth.users", "shop.filled"],
  rows: new Map([
    ["public.filled", 3],
    ["public.empty", 0],
    ["auth.users", 0],
    ["shop.filled", 2],
  ]),
};

/** The errors that ask, and what is told besides, by their ids. */
async function weigh(sql: string, stepsDone = 0) {
  const { findings } = await checkStatements({ migrations: [{ fileName: "a.sql", sql }] });
  const plan = { ...(await planOf(sql)), stepsDone };
  const { asked, told } = weighFindings(findings, new Map([["a.sql", plan]]), tables);
  return [asked.map(({ id }) => id).join(" "), told.map(({ id }) => id).join(" ")];
}

test.each([
  ["create index i on public.filled (a)", "", "L01"],
  ["drop table public.filled", "", "D01"],
  ["merge into public.filled t using s on true when matched then delete", "D06", ""],
  ["create policy p on public.filled for all to anon using (true)", "S04", ""],
  ["create policy p on filled for all to anon using (true)", "S04", ""],
  ["create policy p on shop.filled for all to anon using (true)", "S04", ""],
  ["create policy p on public.empty for all to anon using (true)", "", "S04"],
  ["create policy p on public.unknown for all to anon using (true)", "S04", ""],
  ["create policy p on public.made for all to anon using (true)", "", "S04"],
  ["alter table public.filled disable row level security", "", "S20"],
  ["create table public.copy as select * from public.filled", "S01", ""],
  ["select * into public.copy from public.filled", "S01", ""],
  ["create table public.made (id int primary key)", "", "S01"],
  ["grant all on all tables in schema public to anon", "S16", ""],
  ["create view public.people with (security_invoker = true) as select * from auth.users", "", "S09"],
  ["commit", "", "T02"],
  ["-- godwit:allow S16 wanted\ngrant all on all tables in schema public to anon", "S16", ""],
  ["-- godwit:allow L01 small\ncreate index i on public.filled (a)", "", ""],
  ["-- a comment at the end", "", ""],
])("%s asks for %j and tells %j", async (sql, asked, told) => {
  expect(await weigh(sql)).toEqual([asked, told]);
});

test("what a run has done already is weighed no more", async () => {
  const sql =
    "grant all on all tables in schema public to anon; create index concurrently i on public.filled (a)";
  expect(await weigh(sql)).toEqual(["S16", "T01"]);
  expect(await weigh(sql, 1)).toEqual(["", "T01"]);
});
