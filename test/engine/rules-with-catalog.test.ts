import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCatalog } from "../../src/engine/catalog/read-catalog.ts";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import type { Catalog } from "../../src/engine/model/catalog.ts";
import { checkStatements } from "../../src/engine/rules/index.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";

const setup = `
  create table public.parent (id int primary key);
  create table public.child (id int primary key, p int references public.parent (id) initially deferred,
    a varchar(10), b int, constraint b_there check (b is not null));
  alter table public.child enable row level security;
  create view public.v as select a from public.child;
  create table public.parts (k int) partition by list (k);
  create table public.rest partition of public.parts default;
  create function public.one(a int) returns int language sql stable as 'select 1';
  create function public.purge() returns void language plpgsql as $$ begin delete from public.child; end $$;`;

describe("the rules with a live catalog", () => {
  let database: TestDatabase;
  let catalog: Catalog;

  beforeAll(async () => {
    database = await createSupabaseDatabase();
    const sql = postgres(database.url, { onnotice: () => undefined });
    await sql.unsafe(setup).simple();
    await sql.end();
    const opened = await openDatabase({ kind: "postgres", url: database.url });
    catalog = await opened.withSession(readCatalog);
    await opened.close();
  });

  afterAll(() => database.drop());

  const rows = new Map([
    ["public.child", 7],
    ["public.parent", 0],
  ]);

  it.each([
    ["alter table public.child alter column a type text", "1:C07 warning, 1:R01 info"],
    ["drop view public.v; alter table public.child alter column a type text", "1:D08 warning, 2:R01 info"],
    [
      "alter table public.child alter column a type varchar(5)",
      "1:R01 warning, 1:D09 warning, 1:C07 warning",
    ],
    ["alter table public.child alter column b set not null", "1:C09 info"],
    ["alter table public.child add column c int not null", "1:C05 error"],
    ["alter table public.parent add column c int not null", ""],
    ["create table public.two partition of public.parts for values in (2)", "1:S01 error, 1:L14 warning"],
    ["alter table public.child drop constraint child_p_fkey", "1:L15 warning, 1:D10 warning"],
    ["alter table public.child drop constraint b_there", "1:D10 warning"],
    ["drop view public.v cascade", "1:D08 warning, 1:D07 info"],
    ["drop table public.parent cascade", "1:D07 error, 1:D01 info"],
    ["select public.one(1)", ""],
    ["select public.purge()", "1:D05 error, 1:D06 warning, 1:D12 info"],
    [
      "update public.child set b = 1 where id = 1; alter table public.child add column n int",
      "2:T08 warning",
    ],
    [
      "create function public.one(a int, b int) returns int language sql as 'select 1'",
      "1:C06 warning, 1:S11 info",
    ],
    ["alter publication supabase_realtime add table public.child", ""],
    ["alter publication supabase_realtime add table public.parent", "1:S24 error"],
  ])("say of %s: %s", async (sql, expected) => {
    const { findings } = await checkStatements({ migrations: [{ fileName: "1_a.sql", sql }], catalog, rows });
    const said = findings.map(({ statement, id, severity }) => `${statement}:${id} ${severity}`);
    expect(said.join(", ")).toBe(expected);
  });

  const large = {
    rows: new Map([["public.child", 80_000]]),
    bytes: new Map([
      ["public.child", 3 * 2 ** 30],
      ["public.parts", 2 ** 20],
    ]),
    holders: new Map([["public.parts", "Session 7 of app"]]),
  };

  it.each([
    ["update public.child set a = 'x' where b is not null", ["D11 public.child"]],
    ["delete from public.child where a <> 'x'", ["D11 public.child"]],
    ["update public.child set a = 'x' where id = 4", []],
    ["insert into public.child (a) select 'x'", []],
    ["alter table public.child alter column a type varchar(5)", ["R08 public.child"]],
    ["alter table public.child alter column a type varchar(50)", []],
    ["alter table public.child add column u uuid default gen_random_uuid()", ["R08 public.child"]],
    ["alter table public.child add column t text", []],
    ["create index concurrently i on public.child (b)", ["R08 public.child"]],
    ["vacuum full public.child", ["R08 public.child"]],
    ["cluster public.child using child_pkey", ["R08 public.child"]],
    ["reindex table concurrently public.child", ["R08 public.child"]],
    ["reindex index concurrently public.child_pkey", []],
    ["create index on public.parts (k)", []],
    ["alter table public.parts add column t text", ["L26 public.parts"]],
    ["create table public.other (id int)", []],
  ])("say of large and busy tables: %s: %s", async (sql, expected) => {
    const { findings } = await checkStatements({
      migrations: [{ fileName: "1_a.sql", sql }],
      catalog,
      ...large,
    });
    const said = findings.filter(({ id }) => ["L26", "R08", "D11"].includes(id));
    expect(said.map(({ id, object }) => `${id} ${object}`)).toEqual(expected);
    expect(said.every(({ severity }) => severity === "warning")).toBe(true);
  });
});
