import { describe, expect, test } from "vitest";
import { classifyStatement, wrapsWholeFile, type StatementClass } from "../../../src/engine/sql/classify.ts";
import { parseStatements } from "../../../src/engine/sql/parse.ts";

async function classes(sql: string): Promise<readonly StatementClass[]> {
  const parsed = await parseStatements(sql);
  if (parsed.kind !== "parsed") throw new Error(`${parsed.kind}: ${sql}`);
  return parsed.statements.map(classifyStatement);
}

async function classOf(sql: string): Promise<StatementClass> {
  const [only] = await classes(sql);
  if (only === undefined) throw new Error("no statement");
  return only;
}

describe("command and kind", () => {
  test.each([
    ["select 1", "read", "SELECT"],
    ["values (1)", "read", "SELECT"],
    ["table t", "read", "SELECT"],
    ["show all", "read", "SHOW"],
    ["select 1 into x", "ddl", "SELECT"],
    ["select 1 from t for update", "write", "SELECT"],
    ["with d as (delete from t returning 1) table d", "write", "SELECT"],
    ["explain delete from t", "read", "EXPLAIN"],
    ["explain analyze delete from t", "write", "EXPLAIN"],
    ["explain (analyze off) delete from t", "read", "EXPLAIN"],
    ["explain create table x as select 1", "ddl", "EXPLAIN"],
    ["insert into t values (1)", "write", "INSERT"],
    ["truncate t", "write", "TRUNCATE TABLE"],
    ["merge into t using u on true when matched then delete", "write", "MERGE"],
    ["create table t ()", "ddl", "CREATE TABLE"],
    ["create table t as select 1", "ddl", "CREATE TABLE AS"],
    ["create materialized view m as select 1", "ddl", "CREATE MATERIALIZED VIEW"],
    ["alter table t add a int", "ddl", "ALTER TABLE"],
    ["alter table t rename a to b", "ddl", "ALTER TABLE"],
    ["alter view v rename to w", "ddl", "ALTER VIEW"],
    ["alter table t rename constraint a to b", "ddl", "ALTER TABLE"],
    ["drop materialized view m", "ddl", "DROP MATERIALIZED VIEW"],
    ["drop policy p on t", "ddl", "DROP POLICY"],
    ["create type e as enum ('a')", "ddl", "CREATE TYPE"],
    ["create aggregate a (int) (sfunc = f, stype = int)", "ddl", "CREATE AGGREGATE"],
    ["grant select on t to anon", "ddl", "GRANT"],
    ["revoke a from b", "ddl", "REVOKE ROLE"],
    ["create procedure p() language sql as ''", "ddl", "CREATE PROCEDURE"],
    ["alter function f() stable", "ddl", "ALTER FUNCTION"],
    ["alter schema a owner to b", "ddl", "ALTER SCHEMA"],
    ["do $$ begin end $$", "procedural", "DO"],
    ["call p()", "procedural", "CALL"],
    ["execute p", "unknown", "EXECUTE"],
    ["copy t from stdin", "copy_stdin", "COPY"],
    ["copy t to stdout", "copy_stdout", "COPY"],
    ["copy t from program 'x'", "write", "COPY"],
    ["vacuum t", "maintenance", "VACUUM"],
    ["analyze t", "maintenance", "ANALYZE"],
    ["lock t", "maintenance", "LOCK TABLE"],
    ["set a.b = 1", "session_state", "SET"],
    ["reset all", "session_state", "RESET"],
    ["discard all", "session_state", "DISCARD ALL"],
    ["listen x", "session_state", "LISTEN"],
    ["end", "transaction_control", "COMMIT"],
    ["commit and chain", "transaction_control", "COMMIT AND CHAIN"],
  ])("%s is a %s answered by %s", async (sql, kind, command) => {
    expect(await classOf(sql)).toMatchObject({ kind, command });
  });
});

describe("transaction", () => {
  test.each([
    ["vacuum t"],
    ["vacuum full"],
    ["create index concurrently i on t (a)"],
    ["create unique index concurrently i on t (a)"],
    ["drop index concurrently i"],
    ["reindex index concurrently i"],
    ["reindex (concurrently, verbose) table t"],
    ["reindex schema s"],
    ["reindex database d"],
    ["reindex system d"],
    ["cluster"],
    ["create database d"],
    ["drop database d"],
    ["alter database d set tablespace s"],
    ["create tablespace s location '/x'"],
    ["drop tablespace s"],
    ["alter system set a = 1"],
    ["discard all"],
    ["alter table t detach partition p concurrently"],
    ["create subscription s connection '' publication p"],
    ["drop subscription s"],
    ["alter subscription s refresh publication"],
    ["alter subscription s set publication p"],
    ["alter subscription s add publication p"],
    ["alter subscription s drop publication p"],
    ["reindex (concurrently 1) table t"],
    ["reindex (concurrently true) table t"],
  ])("%s is forbidden in a transaction block", async (sql) => {
    expect((await classOf(sql)).transaction).toBe("forbidden");
  });
  test.each([
    ["analyze t"],
    ["create index i on t (a)"],
    ["drop index i"],
    ["reindex table t"],
    ["reindex (concurrently false) table t"],
    ["reindex (concurrently 0) table t"],
    ["alter subscription s set publication p with (refresh = false)"],
    ["alter subscription s disable"],
    ["cluster t using i"],
    ["alter database d rename to e"],
    ["alter database d set a = 1"],
    ["discard plans"],
    ["alter table t detach partition p"],
    ["create subscription s connection '' publication p with (connect = false)"],
    ["create subscription s connection '' publication p with (create_slot = off)"],
    ["alter type t add value 'x'"],
    ["refresh materialized view concurrently m"],
    ["create function f() returns void language plpgsql as $$ begin execute 'vacuum'; end $$"],
  ])("%s is allowed in a transaction block", async (sql) => {
    expect((await classOf(sql)).transaction).toBe("allowed");
  });
});

describe("transaction control", () => {
  test.each([
    ["begin", "BEGIN"],
    ["start transaction", "START TRANSACTION"],
    ["abort", "ROLLBACK"],
    ["savepoint s", "SAVEPOINT"],
    ["rollback to s", "ROLLBACK TO"],
    ["prepare transaction 'x'", "PREPARE TRANSACTION"],
    ["rollback prepared 'x'", "ROLLBACK PREPARED"],
  ])("%s is %s", async (sql, control) => {
    expect(await classOf(sql)).toMatchObject({ kind: "transaction_control", control });
  });

  test.each([
    ["begin; table t; commit", true],
    ["start transaction; end", true],
    ["begin; commit; begin; commit", false],
    ["begin; savepoint s; commit", false],
    ["begin; do $$ begin commit; end $$; commit", false],
    ["begin; table t", false],
    ["begin; table t; commit and chain", false],
    ["begin; table t; rollback", false],
    ["table t", false],
  ])("%j is one pair around the whole file: %s", async (sql, expected) => {
    expect(wrapsWholeFile(await classes(sql))).toBe(expected);
  });

  test.each([
    ["do $$ begin commit; end $$"],
    ["do $$ begin if true then ROLLBACK /* x */ ; end if; end $$"],
    ["do 'begin rollback and chain; end'"],
    ["do language plpython3u $$ plpy.commit() $$"],
  ])("%s controls the transaction", async (sql) => {
    expect((await classOf(sql)).controlsTransaction).toBe(true);
  });
  test.each([
    ["do $$ begin raise notice 'commit;'; end $$"],
    ["do $$ begin -- commit;\n perform 1; end $$"],
    ["do $$ begin x := new.commit; end $$"],
    ["do $o$ begin execute $i$ commit; $i$; end $o$"],
    ["create procedure p() language plpgsql as $$ begin commit; end $$"],
  ])("%s does not control the transaction", async (sql) => {
    expect((await classOf(sql)).controlsTransaction).toBe(false);
  });
});

describe("session state", () => {
  test.each([
    ["set role anon", { scope: "session", what: "role" }],
    ["set local role anon", { scope: "transaction", what: "role" }],
    ["set session authorization x", { scope: "session", what: "session_authorization" }],
    ["reset role", { scope: "session", what: "role" }],
    ["set search_path = ''", { scope: "session", what: "setting", name: "search_path" }],
    ["set transaction read write", { scope: "transaction", what: "transaction" }],
    ["set session characteristics as transaction read only", { scope: "session", what: "transaction" }],
    [
      "select pg_catalog.set_config('search_path', '', false)",
      { scope: "session", what: "setting", name: "search_path" },
    ],
    ["select set_config('role', 'x', true)", { scope: "transaction", what: "role" }],
    ["listen x", { scope: "session", what: "listen" }],
    ["prepare p as select 1", { scope: "session", what: "prepared_statement" }],
    ["create temp table x ()", { scope: "session", what: "temporary_object", name: "x" }],
    ["create temp table x () on commit drop", { scope: "transaction", what: "temporary_object", name: "x" }],
    ["create table pg_temp.x as select 1", { scope: "session", what: "temporary_object", name: "x" }],
    ["select 1 into temp x", { scope: "session", what: "temporary_object", name: "x" }],
    ["declare c cursor for select 1", { scope: "transaction", what: "cursor" }],
    ["declare c cursor with hold for select 1", { scope: "session", what: "cursor" }],
  ])("%s leaves %j", async (sql, sessionState) => {
    expect((await classOf(sql)).sessionState).toEqual(sessionState);
  });
  test.each([["create table t ()"], ["select 1"], ["create view v as select 1"]])(
    "%s leaves nothing",
    async (sql) => {
      expect((await classOf(sql)).sessionState).toBeUndefined();
    },
  );
  test.each([
    ["set standard_conforming_strings = off", true],
    ["set standard_conforming_strings to default", true],
    ["set client_encoding = 'latin1'", true],
    ["alter role x set standard_conforming_strings = off", true],
    ["select set_config('standard_conforming_strings', 'off', true)", true],
    ["set standard_conforming_strings = on", false],
    ["set client_encoding = 'UTF8'", false],
    ["set search_path = ''", false],
  ])("%s changes how later text is read: %s", async (sql, expected) => {
    expect((await classOf(sql)).changesParsing).toBe(expected);
  });
});

test("an enum value that is added is named, one that is renamed is not", async () => {
  expect(
    (await classOf("alter type app.mood add value if not exists 'ok' before 'bad'")).addsEnumValue,
  ).toEqual({ type: "app.mood", label: "ok" });
  expect((await classOf("alter type app.mood rename value 'ok' to 'fine'")).addsEnumValue).toBeUndefined();
});

test.each([
  ["create table a.b ()", [{ kind: "table", schema: "a", name: "b" }]],
  [
    "drop view a, b.c",
    [
      { kind: "view", name: "a" },
      { kind: "view", schema: "b", name: "c" },
    ],
  ],
  ["drop function s.f(int)", [{ kind: "function", schema: "s", name: "f" }]],
  ["drop policy p on s.t", [{ kind: "policy", schema: "s", name: "p" }]],
  ["alter table s.t add c int", [{ kind: "table", schema: "s", name: "t" }]],
  ["create schema s", [{ kind: "schema", name: "s" }]],
  ["select 1", []],
])("%s touches %j", async (sql, objects) => {
  expect((await classOf(sql)).objects).toEqual(objects);
});
