import { describe, expect, test } from "vitest";
import { judgeReadOnlyQuery } from "../../../src/engine/sql/read-only.ts";

describe("judgeReadOnlyQuery", () => {
  test.each([
    ["select * from t where a = 'x; drop table t'"], ["with a as (select 1) select * from a union all values (2)"], ["table t"], ["values (1), (2);"], ["show search_path"], ["-- c\nselect 1; -- end"],
    ["explain select 1"], ["explain (analyze, buffers) select 1"], ["explain delete from t"], ["select nextval from t"], ["select r.status, r.http_status from r"], ["select current_setting('role'), pg_sleep(1), (x).y from t"],
  ])("%s is a read", async (sql) => {
    expect(await judgeReadOnlyQuery(sql)).toMatchObject({ kind: "read" });
  });

  test.each([
    ["", "empty"], ["-- c", "empty"], ["select 1; select 2", "many_statements"], ["commit; drop table t", "many_statements"], ["selec", "syntax_error"], ["select 1 \u0000 drop table t", "unreadable_text"],
    ["delete from t", "write"], ["with d as (delete from t returning *) select * from d", "write"], ["select (with u as (update t set a = 1 returning 1) select 1)", "write"],
    ["select * from t for update", "write"], ["select * from (select * from t for no key update) x", "write"], ["select 1 into x", "ddl"], ["explain analyze insert into t values (1)", "write"], ["explain (analyze false, analyze) delete from t", "write"],
    ["explain analyze create table x as select 1", "ddl"], ["explain execute p", "unknown"], ["explain analyze execute p", "unknown"], ["execute p", "unknown"],
    ["create table t ()", "ddl"], ["drop table t", "ddl"], ["commit", "transaction_control"], ["commit and chain", "transaction_control"], ["rollback", "transaction_control"], ["prepare transaction 'x'", "transaction_control"],
    ["set transaction read write", "session_state"], ["set role postgres", "session_state"], ["reset role", "session_state"], ["set session authorization default", "session_state"],
    ["do $$ begin reset role; end $$", "procedural"], ["call p()", "procedural"], ["copy t to program 'sh'", "write"], ["copy t to stdout", "copy_stdout"], ["copy t from stdin", "copy_stdin"],
    ["declare c cursor for select 1", "session_state"], ["fetch c", "session_state"], ["listen x", "session_state"], ["notify x", "write"], ["load 'x'", "session_state"], ["lock t", "maintenance"], ["refresh materialized view m", "maintenance"],
    ["analyze t", "maintenance"], ["prepare p as select 1", "session_state"],
  ])("%s is not a read but %s", async (sql, kind) => {
    const verdict = await judgeReadOnlyQuery(sql);
    expect(verdict.kind).toBe(kind);
  });

  test.each([
    ["select set_config('role', 'none', true)", "set_config"], ["select pg_catalog.set_config('transaction_read_only', 'off', true)", "pg_catalog.set_config"], ["select set_config(a, b, true) from t", "set_config"],
    ["select nextval('s')", "nextval"], ["select setval('s', 1)", "setval"], ["select ('s'::regclass).nextval", "nextval"], ["select x.nextval from unnest(array['s'::regclass]) x", "nextval"], ["select (5::bigint).pg_advisory_lock", "pg_advisory_lock"],
    ["select * from dblink('x', 'drop table t') as x (a int)", "dblink"], ["select extensions.dblink_exec('x', 'y')", "extensions.dblink_exec"], ["select lo_export(1, '/x')", "lo_export"], ["select lo_import('/x')", "lo_import"],
    ["select pg_read_file('/etc/passwd')", "pg_read_file"], ["select pg_ls_dir('.')", "pg_ls_dir"], ["select pg_advisory_lock(1)", "pg_advisory_lock"], ["select pg_try_advisory_lock(1)", "pg_try_advisory_lock"],
    ["select pg_terminate_backend(pid) from pg_stat_activity", "pg_terminate_backend"], ["select pg_cancel_backend(1)", "pg_cancel_backend"], ["select pg_create_logical_replication_slot('a', 'b')", "pg_create_logical_replication_slot"],
    ["select pg_create_physical_replication_slot('a')", "pg_create_physical_replication_slot"], ["select pg_switch_wal()", "pg_switch_wal"], ["select pg_promote()", "pg_promote"], ["select pg_reload_conf()", "pg_reload_conf"],
    ["select http_get('http://x')", "http_get"], ["select net.http_post('http://x')", "net.http_post"], ["select cron.schedule('a', '* * * * *', 'drop table t')", "cron.schedule"], ["select query_to_xml('select 1', true, true, '')", "query_to_xml"],
    ["explain select nextval('s')", "nextval"], ["select 1 where exists (select 1 order by set_config('role', 'x', true))", "set_config"], ["with a as materialized (select nextval('s')) select 1", "nextval"], ['select "nextval"(\'s\')', "nextval"],
  ])("%s is refused for %s", async (sql, name) => {
    expect(await judgeReadOnlyQuery(sql)).toMatchObject({ kind: "forbidden_function", name });
  });
});
