import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApplyMigrationRequest, CreateMigrationRequest, ErrorCode } from "../../src/engine/index.ts";
import { createProject, type TestProject } from "../support/project.ts";

let project: TestProject;
const folder = "supabase/migrations";

beforeAll(async () => {
  project = await createProject({
    files: { [`${folder}/20240101000000_a.sql`]: "create table a (id int);\n" },
  });
});

afterAll(() => project.remove());

/** The folder's files, to show that a refused call has left them alone. */
function files(): Promise<string[]> {
  return readdir(join(project.dir, folder));
}

describe("a call that cannot be meant is refused, says so, and changes nothing", () => {
  const applies: readonly (readonly [ErrorCode, ApplyMigrationRequest])[] = [
    ["name_required", { query: "select 1" }],
    ["empty_sql", { name: "a", query: " \n" }],
    ["arguments_conflict", { name: "a" }],
    ["arguments_conflict", { version: "20240101000000", file: "20240101000000_a.sql" }],
    ["arguments_conflict", { name: "a", query: "select 1", file: "20240101000000_a.sql" }],
    ["version_not_found", { version: "20240101000001" }],
    ["file_not_found", { file: "20240101000001_b.sql" }],
    ["path_outside_folder", { file: "../../etc/passwd" }],
    ["path_outside_folder", { file: "archive/20240101000000_a.sql" }],
    ["invalid_name", { name: "../x", query: "select 1" }],
    ["invalid_name", { name: "a\0b", query: "select 1" }],
    ["invalid_name", { name: "!!!", query: "select 1" }],
    ["version_invalid", { name: "b", query: "select 1", version: "20241301000000" }],
    ["version_invalid", { name: "b", query: "select 1", version: "1" }],
    ["version_too_old", { name: "b", query: "select 1", version: "20230101000000" }],
    ["pending_first", { name: "b", query: "select 1" }],
    ["plan_is_stale", { confirm: "no such plan" }],
    ["syntax_error", { name: "a", query: "selct 1", version: "20240101000000" }],
  ];

  it.each(applies)("%s: apply_migration %j", async (code, request) => {
    const before = await files();
    await expect(project.engine.applyMigration(request, {})).rejects.toMatchObject({ code });
    expect(await files()).toEqual(before);
    const { counts } = await project.engine.listMigrations({}, {});
    expect(counts).toEqual({ pending: 1 });
  });

  const creates: readonly (readonly [ErrorCode, CreateMigrationRequest])[] = [
    ["invalid_name", { name: "a/b" }],
    ["empty_sql", { name: "a", query: "" }],
    ["arguments_conflict", { name: "a", query: "select 1", template: "table" }],
    ["invalid_input", { name: "a", template: "tabel" }],
    ["syntax_error", { name: "a", query: "selct 1" }],
    ["transaction_control_refused", { name: "a", query: "select 1; commit; select 2" }],
    ["unsupported_sql", { name: "a", query: "copy a from stdin;\n1\n\\.\n" }],
    ["unsupported_sql", { name: "a", query: "vacuum; discard all" }],
  ];

  it.each(creates)("%s: create_migration %j", async (code, request) => {
    const before = await files();
    await expect(project.engine.createMigration(request, {})).rejects.toMatchObject({ code });
    expect(await files()).toEqual(before);
  });

  it("invalid_cursor: a cursor of nobody's", async () => {
    await expect(project.engine.listMigrations({ cursor: "2" }, {})).rejects.toMatchObject({
      code: "invalid_cursor",
    });
    await expect(project.engine.detectDrift({ cursor: "before:1" }, {})).rejects.toMatchObject({
      code: "invalid_cursor",
    });
  });

  it("wrong_target: another project's id, whatever the tool", async () => {
    const call = { projectId: "abcdefghijklmnopqrst" };
    const { engine } = project;
    const calls = [
      engine.listMigrations({}, call),
      engine.detectDrift({}, call),
      engine.createMigration({ name: "a" }, call),
      engine.applyMigration({}, call),
      engine.executeSql({ query: "select 1" }, call),
    ];
    const results = await Promise.allSettled(calls);
    expect(results.map((result) => (result.status === "rejected" ? result.reason.code : "done"))).toEqual(
      calls.map(() => "wrong_target"),
    );
  });
});

describe("no_version_left: where a file sorts after every instant", () => {
  it("nothing can be created, and the answer names the file's version", async () => {
    const blocked = await createProject({ files: { [`${folder}/99999999999999_last.sql`]: "select 1;\n" } });
    try {
      const created = blocked.engine.createMigration({ name: "next", query: "select 1" }, {});
      await expect(created).rejects.toMatchObject({
        code: "no_version_left",
        message: expect.stringContaining("99999999999999"),
      });
    } finally {
      await blocked.remove();
    }
  });
});

describe("read_only: a server that must not change the database", () => {
  it("writes no migration file either", async () => {
    const engine = project.anotherEngine({ readOnly: true });
    await expect(engine.createMigration({ name: "x", query: "select 1" }, {})).rejects.toMatchObject({
      code: "read_only",
    });
  });

  it("refuses to apply and to write rows, and still reads", async () => {
    const engine = project.anotherEngine({ readOnly: true });
    await expect(engine.applyMigration({}, {})).rejects.toMatchObject({ code: "read_only" });
    await expect(engine.applyMigration({ dryRun: true }, {})).rejects.toMatchObject({ code: "read_only" });
    const write = engine.executeSql({ query: "delete from auth.users", write: true }, {});
    await expect(write).rejects.toMatchObject({ code: "read_only" });
    await expect(engine.executeSql({ query: "select 1 as one" }, {})).resolves.toMatchObject({
      rows: [{ one: 1 }],
    });
  });
});
