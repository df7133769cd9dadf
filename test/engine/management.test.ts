import { describe, expect, test } from "vitest";
import { createHosted, isMigration } from "./hosted.ts";
import { codeOf } from "./playground.ts";

const first = {
  "20260101000000_add_users.sql": "create table public.users (id bigint primary key, name text);\n",
};

const entriesOf = async ({ sql }: Awaited<ReturnType<typeof createHosted>>) =>
  (await sql`select version, name, statements from supabase_migrations.schema_migrations order by 1`).map(
    (row) => ({ ...row }),
  );

describe("applying through the Management API", () => {
  test("a file is applied under its own version, in both tables, by the query endpoint alone", async () => {
    const hosted = await createHosted({ files: first });
    const report = await hosted.engine.applyMigration({}, {});
    expect(report).toMatchObject({
      status: "applied",
      migrations: [{ version: "20260101000000", outcome: "applied" }],
    });
    expect(report.migrations[0]).not.toHaveProperty("rows_affected");
    expect(report.warnings?.join()).toContain("not known");
    expect(await entriesOf(hosted)).toEqual([
      {
        version: "20260101000000",
        name: "add_users",
        statements: ["create table public.users (id bigint primary key, name text)"],
      },
    ]);
    const runs =
      await hosted.sql`select kind, version, status, rows_affected from supabase_migrations.migration_history where kind = 'migration'`;
    expect(runs.map((row) => ({ ...row }))).toEqual([
      { kind: "migration", version: "20260101000000", status: "completed", rows_affected: null },
    ]);
    expect(new Set(hosted.fake.requests.map(({ path }) => path.replace("/read-only", "")))).toEqual(
      new Set(["/database/query"]),
    );
    expect((await hosted.engine.listMigrations({}, {})).counts).toEqual({ applied: 1 });
    expect((await hosted.engine.applyMigration({}, {})).status).toBe("nothing_to_apply");
  });

  test("given SQL becomes a file and a recorded migration, and the six columns are filled", async () => {
    const hosted = await createHosted({
      before: `create schema if not exists supabase_migrations; create table supabase_migrations.schema_migrations
        (version text primary key, statements text[], name text, created_by text, idempotency_key text unique, rollback text[])`,
    });
    const query = "create table public.notes (body text default 'it''s \\ $1');";
    const report = await hosted.engine.applyMigration({ name: "add_notes", query }, { appliedBy: "me" });
    expect(report.status).toBe("applied");
    const [row] = await hosted.sql`select * from supabase_migrations.schema_migrations`;
    expect(row).toMatchObject({
      version: report.migrations[0]?.version,
      name: "add_notes",
      created_by: "me",
    });
    await hosted.sql`insert into public.notes default values`;
    expect((await hosted.sql`select body from public.notes`)[0]?.["body"]).toBe("it's \\ $1");
  });

  test("a statement that fails leaves nothing behind and is named where the service tells its line", async () => {
    const hosted = await createHosted({
      files: {
        "20260101000000_broken.sql":
          "create table public.a (i int);\n\ninsert into public.a\nselect no_such_column;\n",
      },
    });
    const report = await hosted.engine.applyMigration({}, {});
    expect(report).toMatchObject({
      status: "failed",
      failure: { code: "statement_failed", sqlstate: "42703" },
    });
    expect(report.failure?.line).toBe(3);
    expect((await hosted.sql`select to_regclass('public.a') as a`)[0]).toEqual({ a: null });
    expect((await hosted.engine.listMigrations({}, {})).counts).toEqual({ pending: 1 });
  });

  test("a role and settings of the migration reach neither the history rows nor the next request", async () => {
    const hosted = await createHosted({
      files: { "20260101000000_role.sql": "set role anon;\nset search_path = pg_catalog;\nselect 1;\n" },
    });
    expect((await hosted.engine.applyMigration({}, {})).status).toBe("applied");
    const roles = await hosted.engine.executeSql(
      { query: "select current_setting('search_path') as path" },
      {},
    );
    expect(roles.rows).toEqual([{ path: '"$user", public, extensions' }]);
  });

  test("statements that the service runs apart are refused before the first of them", async () => {
    const hosted = await createHosted({ files: first, fake: { splitsStatements: true } });
    expect(await codeOf(hosted.engine.applyMigration({}, {}))).toBe("needs_session");
    expect((await hosted.sql`select to_regclass('public.users') as users`)[0]).toEqual({ users: null });
  });

  test("twenty appliers at once apply each file once", async () => {
    const hosted = await createHosted({
      files: {
        "20260101000000_count.sql": "create table public.c (i int);\ninsert into public.c values (1);\n",
      },
      settings: { lockWaitMs: 30_000 },
    });
    const engines = Array.from({ length: 8 }, () => hosted.anotherEngine());
    const reports = await Promise.all(engines.map((engine) => engine.applyMigration({}, {})));
    expect(reports.filter(({ status }) => status === "applied")).toHaveLength(1);
    expect((await hosted.sql`select count(*)::int as n from public.c`)[0]).toEqual({ n: 1 });
  });
});

describe("answers that do not come", () => {
  const counted = {
    "20260101000000_count.sql": "create table public.c (i int);\ninsert into public.c values (1);\n",
  };

  test("a connection cut after the commit is found out to be applied", async () => {
    const hosted = await createHosted({ files: counted });
    hosted.fake.failNext({ kind: "cut_after" }, isMigration);
    expect((await hosted.engine.applyMigration({}, {})).status).toBe("applied");
    expect(hosted.fake.requests.filter(isMigration)).toHaveLength(1);
    expect((await hosted.sql`select count(*)::int as n from public.c`)[0]).toEqual({ n: 1 });
  });

  test("a request that never arrived is found out to be undone, and a second call applies it", async () => {
    const hosted = await createHosted({ files: counted });
    hosted.fake.failNext({ kind: "cut_before" }, isMigration);
    expect(await hosted.engine.applyMigration({}, {})).toMatchObject({
      status: "failed",
      failure: { code: "connection_lost" },
    });
    expect((await hosted.engine.applyMigration({}, {})).status).toBe("applied");
  });

  test("a page of HTML while the statement goes on is waited for", async () => {
    const hosted = await createHosted({
      files: {
        "20260101000000_slow.sql":
          "create table public.slow (t text);\ninsert into public.slow select pg_sleep(1)::text;\n",
      },
    });
    hosted.fake.failNext({ kind: "late" }, isMigration);
    expect((await hosted.engine.applyMigration({}, {})).status).toBe("applied");
    expect(hosted.fake.requests.filter(isMigration)).toHaveLength(1);
  });

  test("a script that the service runs only after it was given up runs nothing", async () => {
    const hosted = await createHosted({ files: counted });
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    hosted.fake.failNext({ kind: "delayed", gate }, isMigration);
    expect(await hosted.engine.applyMigration({}, {})).toMatchObject({
      failure: { code: "connection_lost" },
    });
    open();
    await hosted.fake.settled();
    expect((await hosted.sql`select to_regclass('public.c') as c`)[0]).toEqual({ c: null });
    expect((await hosted.engine.applyMigration({}, {})).status).toBe("applied");
    expect((await hosted.sql`select count(*)::int as n from public.c`)[0]).toEqual({ n: 1 });
  });

  test("reads that get no answer are sent again", async () => {
    const hosted = await createHosted({ files: counted });
    hosted.fake.failNext({ kind: "cut_before" });
    hosted.fake.failNext({
      kind: "answer",
      status: 544,
      body: { message: "Failed to run sql query: Connection terminated due to connection timeout" },
    });
    expect((await hosted.engine.listMigrations({}, {})).counts).toEqual({ pending: 1 });
  });
});

describe("what keeps the Management API from serving", () => {
  const codeWith = async (options: Parameters<typeof createHosted>[0]) => {
    const hosted = await createHosted(options);
    return codeOf(hosted.engine.listMigrations({}, {}));
  };
  const refused = async (status: number, body: string | Readonly<Record<string, unknown>>) => {
    const hosted = await createHosted();
    for (let i = 0; i < 9; i += 1)
      hosted.fake.failNext({ kind: "answer", status, body }, ({ path }) => path !== "");
    return codeOf(hosted.engine.listMigrations({}, {}));
  };

  test("a wrong token is told as such", async () => {
    const target = {
      kind: "management",
      projectRef: "abcdefghijklmnopqrst",
      accessToken: "sbp_wrong",
    } as const;
    const hosted = await createHosted();
    const engine = hosted.anotherEngine({ target: { ...target, apiUrl: hosted.fake.url } });
    expect(await codeOf(engine.listMigrations({}, {}))).toBe("authentication_failed");
  });

  test.each([
    [401, { message: "Unauthorized" }, "authentication_failed"],
    [401, { message: "Migrations endpoint is not generally available yet" }, "permission_denied"],
    [403, { message: "Forbidden resource" }, "permission_denied"],
    [404, { message: "Project not found" }, "target_unreachable"],
    [400, { message: "Resource has been removed" }, "project_paused"],
    [524, "<html>A timeout occurred</html>", "target_unreachable"],
    [
      544,
      { message: "Failed to run sql query: Connection terminated due to connection timeout" },
      "target_unreachable",
    ],
  ])("%i %j becomes an error that says what to do", async (status, body, code) => {
    expect(await refused(status, body)).toBe(code);
  });

  test("a paused project is told with its status", async () => {
    expect(await codeWith({ fake: { projectStatus: "INACTIVE" } })).toBe("project_paused");
  });

  test("too many requests are waited for as long as the headers say", async () => {
    const hosted = await createHosted({ fake: { requestsPerMinute: 5, resetSeconds: 1 } });
    for (let i = 0; i < 6; i += 1) expect((await hosted.engine.listMigrations({}, {})).counts).toEqual({});
    expect(hosted.fake.requests.length).toBeGreaterThan(5);
  });

  test("a limit that outlasts the wait ends the call", async () => {
    const hosted = await createHosted({ fake: { requestsPerMinute: 0, resetSeconds: 600 } });
    expect(await codeOf(hosted.engine.listMigrations({}, {}))).toBe("rate_limited");
  });
});

describe("reading through the Management API", () => {
  test("rows keep every value, type and repeated name", async () => {
    const hosted = await createHosted();
    const report = await hosted.engine.executeSql(
      {
        query: `select 9007199254740993::int8 as a, 1.10::numeric as b, array[1,2] as c, '{"x":[1]}'::jsonb as d, 1 as e, 2 as e,
          true as f, 'NaN'::float8 as g, null::text as h, row(null, null) as i -- the end`,
      },
      {},
    );
    expect(report.rows).toEqual([
      {
        a: "9007199254740993",
        b: "1.10",
        c: "{1,2}",
        d: { x: [1] },
        e: 1,
        e_2: 2,
        f: true,
        g: "NaN",
        h: null,
        i: "(,)",
      },
    ]);
    expect(report.columns?.map(({ type }) => type).slice(0, 4)).toEqual([
      "bigint",
      "numeric",
      "integer[]",
      "jsonb",
    ]);
  });

  test("an answer without rows still names its columns, and a long one ends at the limit", async () => {
    const hosted = await createHosted();
    const none = await hosted.engine.executeSql({ query: "select 1::int as one where false" }, {});
    expect(none).toMatchObject({ rows: [], columns: [{ name: "one", type: "integer" }] });
    const many = await hosted.engine.executeSql(
      { query: "select i from generate_series(1, 500) i", limit: 3 },
      {},
    );
    expect(many).toMatchObject({ rows: [{ i: 1 }, { i: 2 }, { i: 3 }], truncated: true });
  });

  test.each([{ hasReadOnlyEndpoint: true }, { hasReadOnlyEndpoint: false }])(
    "a query cannot write, whatever functions it calls (%j)",
    async (fake) => {
      const hosted = await createHosted({
        before: `create table public.t (i int); create function public.sneak() returns int language sql
          as 'insert into public.t values (1) returning i'`,
        fake,
      });
      expect(await codeOf(hosted.engine.executeSql({ query: "select public.sneak()" }, {}))).toBe(
        "statement_failed",
      );
      expect((await hosted.sql`select count(*)::int as n from public.t`)[0]).toEqual({ n: 0 });
    },
  );

  test("a read-only server sends nothing to the endpoint that can write", async () => {
    const hosted = await createHosted({ settings: { readOnly: true } });
    await hosted.engine.detectDrift({}, {});
    await hosted.engine.executeSql({ query: "select 1" }, {});
    expect(new Set(hosted.fake.requests.map(({ path }) => path))).toEqual(
      new Set(["/database/query/read-only"]),
    );
    expect(await codeOf(hosted.engine.applyMigration({}, {}))).toBe("read_only");
  });

  test("the live schema is described, and its types are written", async () => {
    const hosted = await createHosted({ before: "create table public.notes (body text)" });
    expect(JSON.stringify(await hosted.engine.describeSchema({}, {}))).toContain("notes");
    expect(JSON.stringify(await hosted.engine.generateTypes({}, {}))).toContain("notes");
  });

  test("drift of the live schema is found", async () => {
    const hosted = await createHosted({ files: first });
    await hosted.engine.applyMigration({}, {});
    await hosted.sql`alter table public.users add column by_hand text`;
    const report = await hosted.engine.detectDrift({}, {});
    expect(report.drift.map((item) => ("object" in item ? item.object : item.kind))).toEqual([
      expect.stringContaining("by_hand"),
    ]);
  });
});

describe("what needs a session", () => {
  test("a dry run on the target is refused with the way to have one, and one on a copy is made", async () => {
    const hosted = await createHosted({ files: first });
    expect(await codeOf(hosted.engine.applyMigration({ dryRun: true }, {}))).toBe("needs_session");
    const copy = await hosted.engine.applyMigration({ rehearseOn: "copy" }, {});
    expect(copy.status).toBe("rehearsed");
    const applied = await hosted.engine.applyMigration(
      copy.plan_id === undefined ? {} : { confirm: copy.plan_id },
      {},
    );
    expect(applied.status).toBe("applied");
  });

  test("steps outside a transaction, changes of rows and of the history are refused", async () => {
    const hosted = await createHosted({
      files: { "20260101000000_index.sql": "create index concurrently i on public.users (name);\n" },
      before: "create table public.users (id int, name text)",
    });
    expect(await hosted.engine.applyMigration({}, {})).toMatchObject({ failure: { code: "needs_session" } });
    const update = { query: "update public.users set name = 'x' where id = 1", write: true };
    expect(await codeOf(hosted.engine.executeSql(update, {}))).toBe("needs_session");
  });

  test("what a request cannot watch asks first: DO, functions, and rows that a condition chooses", async () => {
    const hosted = await createHosted({
      files: {
        "20260101000000_hidden.sql":
          "do $$ begin execute 'drop table public.old'; end $$;\nupdate public.other set i = 2 where i = 1;\n",
      },
      before: "create table public.old (i int); create table public.other (i int)",
    });
    const asked = await hosted.engine.applyMigration({}, {});
    expect(asked).toMatchObject({ status: "confirmation_required", losses: [{ line: 1 }, { line: 2 }] });
    expect(hosted.fake.requests.filter(isMigration)).toEqual([]);
    expect((await hosted.engine.applyMigration({ confirm: asked.plan_id ?? "" }, {})).status).toBe("applied");
  });

  test("a drop that loses rows asks first, and is applied once confirmed", async () => {
    const hosted = await createHosted({
      files: { "20260101000000_drop.sql": "drop table public.old;\n" },
      before: "create table public.old (i int); insert into public.old values (1), (2)",
    });
    const asked = await hosted.engine.applyMigration({}, {});
    expect(asked).toMatchObject({ status: "confirmation_required", losses: [{ rows: 2 }] });
    expect((await hosted.engine.applyMigration({ confirm: asked.plan_id ?? "" }, {})).status).toBe("applied");
  });
});
