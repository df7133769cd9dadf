import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type TestProject } from "../support/project.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { connect } from "./playground.ts";

const fill = `
  create table victims (id int primary key, body text);
  insert into victims values (1, 'kept'), (2, 'kept');
  create sequence counter;
  create function sneaky() returns int language sql volatile as 'insert into victims values (99, ''sneaked'') returning id';
  create function dynamic(text) returns void language plpgsql volatile as 'begin execute $1; end';
  create function stable_liar() returns int language sql stable as 'select 1 from dynamic(''delete from victims'')';
  create procedure commits() language plpgsql as 'begin commit; end';
`;

/** Each escape of a read-only or rolled-back transaction that was seen to work somewhere (safety, section 2.7), and its relatives. */
const reads = [
  "commit; drop table victims",
  "select 1; commit; drop table victims",
  "commit",
  "commit and chain",
  "rollback and no chain",
  "end; delete from victims; begin",
  "prepare transaction 'escape'",
  "set transaction read write",
  "set session characteristics as transaction read write",
  "set transaction_read_only = off",
  "set default_transaction_read_only = off",
  "set standard_conforming_strings = off",
  "set local role anon",
  "set role postgres",
  "reset role",
  "reset all",
  "discard all",
  "reset session authorization",
  "set session authorization postgres",
  "select set_config('role', 'none', true)",
  "select pg_catalog.set_config('transaction_read_only', 'off', true)",
  "select set_config('standard_conforming_strings', 'off', false)",
  "do $$ begin reset role; delete from victims; end $$",
  "do $$ begin commit; end $$",
  "call commits()",
  "select dynamic('delete from victims')",
  "select dynamic('commit')",
  "select dynamic('set transaction_read_only = off'), dynamic('delete from victims')",
  "select dynamic('reset role'), dynamic('drop table victims')",
  "select stable_liar()",
  "select sneaky()",
  "select * from sneaky()",
  "select count(*) from victims where sneaky() is not null",
  "with x as materialized (select sneaky()) select * from x",
  "with gone as (delete from victims returning *) select * from gone",
  "with more as (insert into victims values (3, 'x') returning *) table more",
  "explain analyze delete from victims",
  "explain (analyze true) update victims set body = 'x'",
  "explain analyze select sneaky()",
  "explain analyze create table made as select 1",
  "explain (analyze) with gone as (delete from victims returning *) select * from gone",
  "select 1 as id into made",
  "create table made as select 1",
  "select * from victims for update",
  "select nextval('counter')",
  "select setval('counter', 100)",
  "select pg_catalog.nextval('counter'::regclass)",
  "select ('counter'::regclass).nextval",
  "select lo_create(4711)",
  "select lo_from_bytea(4711, 'x')",
  "select lo_export(4711, '/tmp/godwit-escape')",
  "select lo_import('/etc/passwd')",
  "select lo_unlink(4711)",
  "copy victims to program 'cat > /tmp/godwit-escape'",
  "copy victims to '/tmp/godwit-escape'",
  "copy victims from program 'echo 3'",
  "copy (delete from victims returning *) to stdout",
  "select pg_terminate_backend(pg_backend_pid())",
  "select pg_cancel_backend(pg_backend_pid())",
  "select pg_reload_conf()",
  "select pg_advisory_lock(1)",
  "select pg_try_advisory_lock(1)",
  "select pg_read_file('/etc/passwd')",
  "select pg_ls_dir('.')",
  "select dblink('dbname=' || current_database(), 'delete from victims')",
  "select dblink_exec('dbname=' || current_database(), 'delete from victims')",
  "select query_to_xml('delete from victims returning *', true, true, '')",
  "select pg_notify('x', 'y')",
  "select pg_create_physical_replication_slot('escape')",
  "select pg_logical_emit_message(false, 'x', 'y')",
  "listen x",
  "notify x",
  "load 'auto_explain'",
  "lock table victims",
  "declare c cursor for select 1",
  "prepare p as delete from victims",
  "execute p",
  "vacuum victims",
  "analyze victims",
  "truncate victims",
  "merge into victims v using (select 1 as id) s on v.id = s.id when matched then delete",
];

const engines = [
  ["PostgreSQL 15", 15],
  ["PostgreSQL 17", 17],
  ["PostgreSQL 18", 18],
  ["the embedded database", undefined],
] as const;

describe.each(engines)("an escape on %s", (_, major) => {
  let database: TestDatabase | undefined;
  let project: TestProject;

  beforeAll(async () => {
    database = major === undefined ? undefined : await createDatabase({ major });
    project = await createProject(database === undefined ? {} : { url: database.url });
    await project.engine.applyMigration({ name: "fill", query: fill }, {});
  });
  afterAll(async () => {
    await project.remove();
    await database?.drop();
  });

  const look = async (): Promise<unknown> =>
    (
      await project.engine.executeSql(
        {
          query: `select (select array_agg(body order by id)::text from victims) as victims,
            (select last_value::int from counter) as counter, to_regclass('made') as made,
            (select count(*)::int from pg_largeobject_metadata) as large_objects,
            (select count(*)::int from pg_prepared_xacts where database = current_database()) as prepared,
            current_user::text = session_user::text as is_self,
            current_setting('standard_conforming_strings') as strings,
            (select count(*)::int from pg_locks join pg_database on oid = database
              where locktype = 'advisory' and datname = current_database()) as locks`,
        },
        {},
      )
    ).rows?.[0];
  const untouched = {
    victims: "{kept,kept}",
    counter: 1,
    made: null,
    large_objects: 0,
    prepared: 0,
    is_self: true,
    strings: "on",
    locks: 0,
  };

  test("is refused as a read, each of them, and changes nothing", async () => {
    const passed: string[] = [];
    for (const query of reads) {
      await project.engine.executeSql({ query }, {}).then(
        () => passed.push(query),
        (error: unknown) => expect(error, query).toMatchObject({ name: "EngineError" }),
      );
    }
    expect(passed).toEqual([]);
    expect(await look()).toEqual(untouched);
  });

  test.each([
    "delete from victims; commit;",
    "delete from victims; commit; select 1;",
    "delete from victims; commit and chain; select 1;",
    "delete from victims; end; begin; select 1;",
    "delete from victims; rollback; begin; select 1;",
    "delete from victims; prepare transaction 'escape';",
    "do $$ begin delete from victims; commit; end $$;",
    "delete from victims; set standard_conforming_strings = off; select '\\'; commit; --';",
    "delete from victims; call commits();",
    "delete from victims; select dynamic('commit');",
    "set local role none; delete from victims; reset role; reset all;",
    "begin; delete from victims; commit;",
  ])("in a dry run leaves nothing: %s", async (query) => {
    await project.engine
      .applyMigration({ name: "escape", query, dryRun: true }, {})
      .catch((error: unknown) => expect(error).toMatchObject({ name: "EngineError" }));
    expect(await look()).toEqual(untouched);
  });

  test("in a write of execute_sql stays inside its transaction and its one statement", async () => {
    for (const query of [
      "delete from victims; commit",
      "insert into victims select 3, dynamic('commit')::text",
      "insert into victims select 3, dynamic('begin; commit')::text",
      "commit",
      "set transaction read write",
    ])
      await expect(project.engine.executeSql({ query, write: true }, {})).rejects.toMatchObject({
        name: "EngineError",
      });
    expect(await look()).toEqual(untouched);
  });

  test("does not come through a database whose own defaults are against us", async () => {
    if (database === undefined) return;
    const admin = connect(database.url, { max: 1 });
    await admin.unsafe(`alter database ${database.name} set standard_conforming_strings = off`);
    await admin.unsafe(`alter database ${database.name} set default_transaction_read_only = off`);
    await admin.end();
    const fresh = project.anotherEngine();
    const query = "select '\\''; drop table victims; --' as text";
    expect((await fresh.executeSql({ query }, {})).rows).toEqual([{ text: "\\'; drop table victims; --" }]);
    await expect(fresh.executeSql({ query: "select sneaky()" }, {})).rejects.toMatchObject({
      details: { sqlstate: "25006" },
    });
    expect(await look()).toMatchObject({ victims: "{kept,kept}" });
  });
});
