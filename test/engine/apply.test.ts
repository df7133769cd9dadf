import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createProject } from "../support/project.ts";
import { createPlayground } from "./playground.ts";

const first = { "20260101000000_first.sql": "create table first (id int primary key);\n" };

describe.each([15, 17, 18] as const)("a migration on PostgreSQL %i", (major) => {
  test("is applied with both of its rows", async () => {
    const play = await createPlayground({
      major,
      files: {
        ...first,
        "20260101000001_fill.sql":
          "insert into first select generate_series(1, 5);\nupdate first set id = id + 10 where id > 2;\ndelete from first where id = 1;\n",
      },
    });
    const report = await play.apply({}, { appliedBy: "somebody" });
    expect(report.status).toBe("applied");
    expect(report.migrations).toMatchObject([
      { version: "20260101000000", outcome: "applied", statements: 1, rows_affected: 0 },
      { version: "20260101000001", outcome: "applied", statements: 3, rows_affected: 9 },
    ]);
    expect((await play.entries()).map((entry) => entry.statements?.length)).toEqual([1, 3]);
    expect(await play.runs()).toMatchObject([
      { version: "20260101000000", status: "completed", rows_affected: "0", applied_by: "somebody" },
      { version: "20260101000001", status: "completed", rows_affected: "9", phase_name: "fill" },
    ]);
    expect((await play.apply()).status).toBe("nothing_to_apply");
  });

  test("that fails leaves nothing of itself and everything before it", async () => {
    const play = await createPlayground({
      major,
      files: {
        ...first,
        "20260101000001_bad.sql":
          "create table second (id int);\ninsert into first values (1);\nselect 1 / 0;\n",
        "20260101000002_third.sql": "create table third (id int);\n",
      },
    });
    const report = await play.apply();
    expect(report.status).toBe("failed");
    expect(report.migrations.map((row) => row.outcome)).toEqual(["applied", "failed", "not_run"]);
    expect(report.failure).toMatchObject({
      sqlstate: "22012",
      statement: 3,
      line: 3,
      column: 1,
      version: "20260101000001",
      file: "supabase/migrations/20260101000001_bad.sql",
    });
    expect(await play.relations()).toEqual(["first", "first_pkey"]);
    expect(await play.entries()).toHaveLength(1);
    expect(await play.runs()).toHaveLength(1);
    expect(await play.sql`select * from first`).toHaveLength(0);
    expect((await play.engine.listMigrations({}, {})).counts).toEqual({ applied: 1, pending: 2 });
  });
});

describe("an error's place", () => {
  test.each([
    ["plain text", "create table ok (id int);\n\nselect nope from ok;\n", 2, 3, 8],
    ["é and an emoji before it", "-- é😀\nselect 'é😀', nope from pg_class;\n", 1, 2, 14],
    ["CRLF line ends", "create table ok (id int);\r\n\r\nselect\r\n  nope\r\nfrom ok;\r\n", 2, 4, 3],
    ["a byte order mark", "\ufeffselect 1;\nselect nope;\n", 2, 2, 8],
    ["comments glued to the statement", "-- one\n/* 😀 */ select nope;\n", 1, 2, 16],
  ])("is exact with %s", async (_, text, statement, line, column) => {
    const play = await createPlayground({ files: { "20260101000000_bad.sql": text } });
    const { failure } = await play.apply();
    expect(failure).toMatchObject({ sqlstate: "42703", statement, line, column });
    const [, caretLine = ""] = (failure?.snippet ?? "").split("\n");
    expect(caretLine.trim().startsWith("^")).toBe(true);
  });

  test("is the start of the statement where the database tells none", async () => {
    const play = await createPlayground({
      files: {
        "20260101000000_bad.sql":
          "select 1;\n  -- why\n  create table pg_class (id int);\ncreate table a (id int);\ncreate table a (id int);\n",
      },
    });
    const { failure } = await play.apply();
    expect(failure).toMatchObject({ sqlstate: "42P07", statement: 4, line: 5, column: 1 });
  });
});

describe("what a migration may do in its transaction", () => {
  test("lock tables, set savepoints and open cursors", async () => {
    const play = await createPlayground({
      files: {
        ...first,
        "20260101000001_block.sql": `
          lock table first in access exclusive mode;
          savepoint here;
          insert into first values (1);
          rollback to here;
          insert into first values (2);
          release here;
          declare walk cursor for select * from first;
          fetch 1 from walk;
          close walk;`,
      },
    });
    expect((await play.apply()).status).toBe("applied");
    expect(await play.sql`select id from first`).toEqual([{ id: 2 }]);
  });

  test("a role, settings and a search path end with it", async () => {
    const role = `maker_${Math.random().toString(36).slice(2)}`;
    const play = await createPlayground({
      before: `create role ${role}; grant create on schema public to ${role}; create schema other;`,
      files: {
        "20260101000000_settings.sql": `
          set role ${role};
          create table made_by_role (id int);
          set search_path = other;
          set statement_timeout = '1h';
          select set_config('app.mark', 'set', false);`,
        "20260101000001_after.sql": `
          create table after_it as
          select current_user::text as role, current_setting('search_path') as path, current_setting('app.mark', true) as mark;`,
      },
    });
    expect((await play.apply()).status).toBe("applied");
    // Other tests give the cluster's roles a search path; what counts is that this one's did not stay.
    const [fresh] = await play.sql`select current_setting('search_path') as path`;
    expect(await play.sql`select role, path, coalesce(mark, '') as mark from public.after_it`).toEqual([
      { role: "postgres", path: fresh?.["path"], mark: "" },
    ]);
    const seen = await play.engine.executeSql({ query: "select current_user::text as role" }, {});
    expect(seen.rows).toEqual([{ role: "postgres" }]);
    await play.sql.unsafe(`drop owned by ${role}; drop role ${role}`).simple();
  });

  test("another session's authorization ends with it too", async () => {
    const role = `other_${Math.random().toString(36).slice(2)}`;
    const play = await createPlayground({
      before: `create role ${role}`,
      files: {
        "20260101000000_authorization.sql": `set session authorization ${role};`,
        "20260101000001_after.sql": "create table after_it as select session_user::text as name;",
      },
    });
    expect(await play.apply()).toMatchObject({ status: "applied" });
    expect(await play.sql`select name from after_it`).toEqual([{ name: "postgres" }]);
    await play.sql.unsafe(`drop role ${role}`);
  });

  test("a deferred constraint speaks before the commit, and names itself", async () => {
    const play = await createPlayground({
      files: {
        "20260101000000_deferred.sql": `
          create table parent (id int primary key);
          create table child (id int references parent deferrable initially deferred);
          insert into child values (7);`,
      },
    });
    const report = await play.apply();
    expect(report).toMatchObject({ status: "failed", failure: { sqlstate: "23503" } });
    expect(report.failure?.message).toContain("child_id_fkey");
    expect(await play.relations()).toEqual([]);
  });

  test("BEGIN and COMMIT around the whole file are recorded and not sent", async () => {
    const text = "begin;\ncreate table a (id int);\nselect pg_current_xact_id();\ncommit;\n";
    const play = await createPlayground({ files: { "20260101000000_wrapped.sql": text } });
    const report = await play.apply();
    expect(report.migrations).toMatchObject([{ outcome: "applied", statements: 2 }]);
    expect((await play.entries())[0]?.statements).toEqual([
      "begin",
      "create table a (id int)",
      "select pg_current_xact_id()",
      "commit",
    ]);
  });

  test("a wrapped file that fails leaves nothing behind", async () => {
    const text = "begin;\ncreate table a (id int);\nselect 1 / 0;\ncommit;\n";
    const play = await createPlayground({ files: { "20260101000000_wrapped.sql": text } });
    expect(await play.apply()).toMatchObject({ status: "failed", failure: { statement: 3, line: 3 } });
    expect(await play.relations()).toEqual([]);
  });

  test.each([
    [
      "COMMIT in the middle",
      "create table a (id int); commit; create table b (id int);",
      "transaction_control_refused",
    ],
    ["ROLLBACK", "create table a (id int); rollback;", "transaction_control_refused"],
    ["a BEGIN that nothing commits", "begin; create table a (id int);", "transaction_control_refused"],
    ["COMMIT AND CHAIN", "create table a (id int); commit and chain;", "transaction_control_refused"],
    [
      "PREPARE TRANSACTION",
      "create table a (id int); prepare transaction 'x';",
      "transaction_control_refused",
    ],
    [
      "BEGIN with options",
      "begin isolation level serializable; create table a (id int); commit;",
      "transaction_control_refused",
    ],
    ["DO with COMMIT", "create table a (id int); do $$ begin commit; end $$;", "transaction_control_refused"],
    ["psql's meta-commands", "\\restrict abc\ncreate table a (id int);\n", "unsupported_sql"],
    ["COPY FROM STDIN", "create table a (id int);\ncopy a from stdin;\n1\n\\.\n", "unsupported_sql"],
    [
      "another reading of backslashes",
      "create table a (id int); set standard_conforming_strings = off; select '\\''; drop table a; --'",
      "unsupported_sql",
    ],
    [
      "the same through set_config",
      "create table a (id int); select set_config('standard_conforming_strings', 'off', false);",
      "unsupported_sql",
    ],
    ["a syntax error at the end", "create table a (id int);\ncreate tabel b (id int);\n", "syntax_error"],
  ])("%s is refused before anything of the file runs; files before it are applied", async (_, text, code) => {
    const play = await createPlayground({ files: { ...first, "20260101000001_refused.sql": text } });
    const report = await play.apply();
    expect(report).toMatchObject({ status: "failed", failure: { code, version: "20260101000001" } });
    expect(report.failure?.line).toBeGreaterThan(0);
    expect(await play.relations()).toEqual(["first", "first_pkey"]);
    expect(await play.entries()).toHaveLength(1);
  });

  test("a procedure that commits inside fails and leaves nothing behind", async () => {
    const text = `
      create table a (id int);
      create procedure sneak() language plpgsql as $$ begin insert into a values (1); commit; end $$;
      call sneak();`;
    const play = await createPlayground({ files: { "20260101000000_sneak.sql": text } });
    expect(await play.apply()).toMatchObject({
      status: "failed",
      failure: { sqlstate: "2D000", statement: 3 },
    });
    expect(await play.relations()).toEqual([]);
  });

  test("empty files and files of comments are recorded", async () => {
    const files = { "20260101000000_empty.sql": "", "20260101000001_comment.sql": "-- nothing\n" };
    const play = await createPlayground({ files });
    expect(await play.apply()).toMatchObject({ status: "applied" });
    expect(await play.entries()).toMatchObject([{ statements: [] }, { statements: ["-- nothing"] }]);
    expect((await play.engine.listMigrations({}, {})).counts).toEqual({ applied: 2 });
  });

  test("with pg-delta's marker each statement is a transaction of its own", async () => {
    const text =
      "-- pg-delta: transaction=false\nset check_function_bodies = off;\ncreate type mood as enum ('a');\nalter type mood add value 'b';\ncreate table moods (m mood default 'b');\ncreate function later() returns int language sql as 'select n from not_yet';\nselect 1 / 0;\n";
    const play = await createPlayground({ files: { "20260101000000_auto.sql": text } });
    const report = await play.apply();
    expect(report).toMatchObject({ status: "failed", failure: { sqlstate: "22012", statement: 6 } });
    expect(report.migrations).toMatchObject([{ outcome: "incomplete" }]);
    expect(await play.relations()).toEqual(["moods"]);
    expect(await play.entries()).toEqual([]);
  });

  test("SQL recorded by another writer under the same version is not taken for ours", async () => {
    const play = await createPlayground({ files: first });
    await play.apply();
    await play.write({ "20260101000001_mine.sql": "create table mine (id int);\n" });
    let isInserted = false;
    // The other writer comes between our reading of the history and our lock.
    const racing = play.anotherEngine({
      observe: (event) => {
        if (event.kind !== "migration_started" || isInserted) return;
        isInserted = true;
      },
    });
    const holder = await play.sql.reserve();
    await holder`begin`;
    await holder`insert into supabase_migrations.schema_migrations (version, name, statements) values ('20260101000001', 'theirs', array['create table theirs (id int)'])`;
    const answer = racing.applyMigration({}, {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    await holder`commit`;
    holder.release();
    expect((await answer).status).toBe("failed");
    expect(isInserted).toBe(true);
    expect(await play.relations()).toEqual(["first", "first_pkey"]);
  });
});

test("everything that is pending is applied with a word about SQL whose name is no migration's", async () => {
  const play = await createPlayground({ files: { ...first, "add_users.sql": "create table users ();\n" } });
  const report = await play.apply();
  expect(report).toMatchObject({ status: "applied", migrations: [{ version: "20260101000000" }] });
  expect(report.warnings).toEqual([expect.stringContaining("supabase/migrations/add_users.sql")]);
});

test("a migrations folder that was named and is not there is told by whatever writes", async () => {
  const play = await createPlayground();
  const { engine, remove } = await createProject({
    url: play.url,
    files: {},
    settings: { migrationsDir: join(play.dir, "supabase", "migration") },
  });
  onTestFinished(remove);
  const told = [expect.stringContaining("which was named as the migrations folder")];
  expect((await engine.applyMigration({}, {})).warnings).toEqual(told);
  expect((await engine.rollbackMigration({}, {})).warnings).toEqual(told);
  expect((await engine.reconcileHistory({}, {})).warnings).toEqual(told);
});
