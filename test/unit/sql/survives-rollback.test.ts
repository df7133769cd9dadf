import { describe, expect, test } from "vitest";
import { findDoomedTables } from "../../../src/engine/sql/doomed-tables.ts";
import { parseStatements } from "../../../src/engine/sql/parse.ts";
import { findSurvivors, listCalledFunctions } from "../../../src/engine/sql/survives-rollback.ts";

async function survivorsOf(sql: string) {
  const parsed = await parseStatements(sql);
  return parsed.kind === "parsed" ? parsed.statements.flatMap(({ node }) => findSurvivors(node)) : undefined;
}

describe("what survives a rollback", () => {
  test.each([
    "copy t to '/tmp/x'",
    "copy t to program 'cat'",
    "copy t from program 'cat'",
    "load 'auto_explain'",
    "select dblink_exec('', '')",
    "select lo_export(1, '/tmp/x')",
    "select pg_file_write('a', 'b', true)",
    "select pg_create_logical_replication_slot('a', 'b')",
    "select pg_drop_replication_slot('a')",
    "select pg_advisory_lock(1)",
    "select pg_catalog.pg_terminate_backend(1)",
    "select http_get('https://example.com')",
    "do $$ begin execute 'x'; perform DBLINK('a'); end $$",
    "do $$ begin copy t to program 'cat'; end $$",
    "do $$ begin copy t to '/tmp/x'; end $$",
    "do $$ begin copy t from program 'cat'; perform 1; end $$",
    "with x as (select pg_reload_conf()) select * from x",
    "create subscription s connection '' publication p",
  ])("is found in: %s", async (sql) => {
    expect(await survivorsOf(sql)).toMatchObject([{ kind: "outside" }]);
  });

  test.each(["select nextval('s')", "select setval('s', 1)"])("is a sequence in: %s", async (sql) => {
    expect(await survivorsOf(sql)).toMatchObject([{ kind: "sequence" }]);
  });

  test.each([
    "select pg_advisory_xact_lock(1)",
    "select lo_create(1)",
    "notify a",
    "truncate t restart identity",
    "select set_config('a.b', 'c', false)",
    "copy t from '/tmp/x'",
    "insert into t values ('dblink(')",
    "do $$ begin raise notice 'dblink('; end $$",
    "do $$ begin copy t from '/tmp/x'; perform f(program); end $$",
    "do $$ begin raise notice 'x' using to 'y'; end $$",
    "do $$ begin copy t to x; end $$",
    "create role r",
  ])("is nothing in: %s", async (sql) => {
    expect(await survivorsOf(sql)).toEqual([]);
  });
});

describe("the functions that a statement calls", () => {
  test.each<readonly [string, readonly string[]]>([
    ["select f(1), s.g(2), h from t where k() > 0", ["f", "g", "k"]],
    ["do $$ begin perform F ( 1 ); x := g; h /* c */ (2); end $$", ["f", "h"]],
    ["insert into t values (1)", []],
  ])("are those of: %s", async (sql, names) => {
    const parsed = await parseStatements(sql);
    const nodes = parsed.kind === "parsed" ? parsed.statements.map(({ node }) => node) : [];
    const called = nodes.flatMap((node) => [...listCalledFunctions(node)]);
    expect(called.toSorted()).toEqual(names);
  });
});

describe("tables whose rows go without being deleted", () => {
  const none = { schemas: [], withChildren: true, withReferrers: false };

  test.each([
    ['drop table a, s."B" cascade', { ...none, tables: ['"a"', '"s"."B"'] }],
    ["truncate only a cascade", { ...none, tables: ['"a"'], withChildren: false, withReferrers: true }],
    ["truncate a, b", { ...none, tables: ['"a"', '"b"'] }],
    ["drop schema s cascade", { ...none, tables: [], schemas: ["s"] }],
    ["/* x */ drop table if exists a", { ...none, tables: ['"a"'] }],
    ["drop view v", undefined],
    ["select 'drop table a'", undefined],
    ["delete from a", undefined],
  ])("are those named by: %s", async (sql, expected) => {
    expect(await findDoomedTables(sql)).toEqual(expected);
  });
});
