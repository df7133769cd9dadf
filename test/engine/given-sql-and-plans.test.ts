import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createPlayground } from "./playground.ts";

const first = { "20260101000000_first.sql": "create table first (id int primary key);\n" };

async function folderOf(dir: string): Promise<readonly string[]> {
  const names: readonly string[] = await readdir(join(dir, "supabase/migrations")).catch(() => []);
  return names.toSorted();
}

describe("given SQL", () => {
  const query = "create table given (id int);";

  test("becomes a file first, is applied, and a second time is the same migration", async () => {
    const play = await createPlayground();
    const report = await play.apply({ name: "add_given", query });
    expect(report).toMatchObject({ status: "applied", migrations: [{ name: "add_given" }] });
    const [fileName = ""] = await folderOf(play.dir);
    expect(fileName).toMatch(/^\d{14}_add_given\.sql$/);
    expect(await readFile(join(play.dir, "supabase/migrations", fileName), "utf8")).toContain(query);
    const again = await play.apply({ name: "add_given", query });
    expect(again).toMatchObject({
      status: "already_applied",
      migrations: [{ version: report.migrations[0]?.version }],
    });
    expect(await play.runs()).toHaveLength(1);
    expect(await folderOf(play.dir)).toHaveLength(1);
  });

  test("that fails is a pending file without a row, and is replaced by its version with the old text kept", async () => {
    const play = await createPlayground();
    const bad = await play.apply({ name: "add_given", query: "create table given (id nope);" });
    expect(bad).toMatchObject({ status: "failed", failure: { sqlstate: "42704" } });
    const version = bad.migrations[0]?.version ?? "";
    expect(await play.entries()).toEqual([]);
    expect((await play.engine.listMigrations({}, {})).counts).toEqual({ pending: 1 });

    await expect(play.apply({ name: "add_given", query })).rejects.toMatchObject({
      code: "name_taken",
      details: { version },
    });
    const good = await play.apply({ name: "add_given", query, version });
    expect(good).toMatchObject({ status: "applied", migrations: [{ version }] });
    expect(await folderOf(play.dir)).toEqual([`${version}_add_given.sql`, "archive"]);
    const archived = await readdir(join(play.dir, "supabase/migrations/archive"), { recursive: true });
    const kept = archived.filter((path) => path.endsWith(".sql"));
    expect(kept).toHaveLength(1);
    const text = await readFile(join(play.dir, "supabase/migrations/archive", kept[0] ?? ""), "utf8");
    expect(text).toContain("create table given (id nope);");
  });

  test("is refused while files wait, before anything is written", async () => {
    const play = await createPlayground({ files: first });
    await expect(play.apply({ name: "add_given", query })).rejects.toMatchObject({ code: "pending_first" });
    expect(await folderOf(play.dir)).toEqual(["20260101000000_first.sql"]);
  });

  test.each([
    ["2026", "version_invalid"],
    ["20261301000000", "version_invalid"],
    ["20250101000000", "version_too_old"],
    ["20260101000000", "version_taken"],
  ])("with the version %s is refused as %s", async (version, code) => {
    const play = await createPlayground({ files: first });
    await play.apply();
    await expect(play.apply({ name: "add_given", query, version })).rejects.toMatchObject({ code });
    expect(await folderOf(play.dir)).toEqual(["20260101000000_first.sql"]);
    expect(await play.entries()).toHaveLength(1);
  });

  test.each([
    ["create table a (id int); commit; select 1;", "transaction_control_refused"],
    ["create tabel a (id int);", "syntax_error"],
    ["   ", "empty_sql"],
    ["\\connect other", "unsupported_sql"],
  ])("that cannot be planned is not written: %j", async (text, code) => {
    const play = await createPlayground();
    await expect(play.apply({ name: "bad", query: text })).rejects.toMatchObject({ code });
    expect(await folderOf(play.dir)).toEqual([]);
  });

  test("a position in an error about it is that of the text as it was given", async () => {
    const play = await createPlayground();
    await expect(play.apply({ name: "bad", query: "select 1;\nselect from where;" })).rejects.toMatchObject({
      details: { line: 2, column: 13 },
    });
  });
});

describe("a call that is not meant for this server", () => {
  test("another project's id is refused", async () => {
    const play = await createPlayground({ files: first });
    await expect(play.apply({}, { projectId: "another" })).rejects.toMatchObject({ code: "wrong_target" });
    expect(await play.relations()).toEqual([]);
  });

  test("a read-only server applies nothing, not even a rehearsal's file", async () => {
    const play = await createPlayground({ files: first, settings: { readOnly: true } });
    await expect(play.apply()).rejects.toMatchObject({ code: "read_only" });
    await expect(play.apply({ name: "x", query: "select 1" })).rejects.toMatchObject({ code: "read_only" });
    expect(await play.relations()).toEqual([]);
    expect(await folderOf(play.dir)).toEqual(["20260101000000_first.sql"]);
  });
});

describe("a dry run and its plan", () => {
  test("leaves no file, no row and no change of the schema", async () => {
    const play = await createPlayground();
    const report = await play.apply({
      name: "add_given",
      query: "create table given (id int);",
      dryRun: true,
    });
    expect(report).toMatchObject({ status: "rehearsed", migrations: [{ outcome: "rehearsed" }] });
    expect(await folderOf(play.dir)).toEqual([]);
    expect(await play.relations()).toEqual([]);
    const [row] = await play.sql`select to_regnamespace('supabase_migrations') as schema`;
    expect(row?.["schema"]).toBeNull();
  });

  test("that fails says where, and that nothing was kept", async () => {
    const files = { ...first, "20260101000001_bad.sql": "create table b (id int);\nselect nope;\n" };
    const play = await createPlayground({ files });
    const report = await play.apply({ dryRun: true });
    expect(report).toMatchObject({ status: "failed", failure: { sqlstate: "42703", line: 2, column: 8 } });
    expect(report.migrations.map((row) => row.outcome)).toEqual(["rehearsed", "failed"]);
    expect(report.plan_id).toBeUndefined();
    expect(await play.relations()).toEqual([]);
  });

  test("meets each migration as applying would: deferred checks, roles and settings do not carry over", async () => {
    const role = `carry_${Math.random().toString(36).slice(2)}`;
    const play = await createPlayground({
      before: `create role ${role}; create schema other;`,
      files: {
        "20260101000000_tables.sql": `
          create table parent (id int primary key);
          create table child (id int references parent deferrable initially deferred);
          set search_path = other;
          set role ${role};`,
        "20260101000001_rows.sql": "insert into public.child values (1); insert into parent values (1);",
      },
    });
    expect(await play.apply({ dryRun: true })).toMatchObject({ status: "rehearsed" });
    expect(await play.apply()).toMatchObject({ status: "applied" });
    await play.sql.unsafe(`drop role ${role}`);
  });

  test("the plan that was rehearsed goes through", async () => {
    const play = await createPlayground({ files: first });
    const { plan_id: confirm = "" } = await play.apply({ dryRun: true });
    expect(confirm).toMatch(/^[0-9a-f]{64}$/);
    expect(await play.apply({ confirm })).toMatchObject({ status: "applied" });
  });

  test("the plan of given SQL goes through later, when another version is due", async () => {
    const play = await createPlayground();
    const request = { name: "add_given", query: "create table given (id int);" };
    const { plan_id: confirm = "" } = await play.apply({ ...request, dryRun: true });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await play.apply({ ...request, confirm })).toMatchObject({ status: "applied" });
  });

  test.each([
    [
      "a file was edited",
      async (play: Awaited<ReturnType<typeof createPlayground>>) =>
        play.write({ "20260101000000_first.sql": "create table first (id bigint);\n" }),
    ],
    [
      "a file was added",
      async (play: Awaited<ReturnType<typeof createPlayground>>) =>
        play.write({ "20260101000001_more.sql": "select 1;\n" }),
    ],
    [
      "another migration was applied",
      async (play: Awaited<ReturnType<typeof createPlayground>>) => {
        await play.sql
          .unsafe(`
        create schema supabase_migrations;
        create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
        insert into supabase_migrations.schema_migrations values ('20250101000000', array['select 1'], 'other');`)
          .simple();
      },
    ],
  ])("a plan is stale once %s", async (_, change) => {
    const play = await createPlayground({ files: first });
    const { plan_id: confirm = "" } = await play.apply({ dryRun: true });
    await change(play);
    await expect(play.apply({ confirm })).rejects.toMatchObject({ code: "plan_is_stale" });
    expect(await play.relations()).toEqual([]);
  });

  test("a plan of other given SQL is stale", async () => {
    const play = await createPlayground();
    const { plan_id: confirm = "" } = await play.apply({
      name: "a",
      query: "create table a (id int);",
      dryRun: true,
    });
    await expect(
      play.apply({ name: "a", query: "create table a (id int); drop table if exists b;", confirm }),
    ).rejects.toMatchObject({ code: "plan_is_stale" });
    expect(await folderOf(play.dir)).toEqual([]);
  });
});
