import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { findMigrationsDir, readProjectId } from "../../../src/engine/files/find-folder.ts";

let projectDir = "";
const below = (...parts: readonly string[]) => path.join(projectDir, ...parts);
const folder = (...parts: readonly string[]) => mkdir(below(...parts), { recursive: true });

beforeEach(async () => {
  projectDir = await realpath(await mkdtemp(path.join(tmpdir(), "godwit-find-")));
  const made = projectDir;
  onTestFinished(() => rm(made, { recursive: true, force: true }));
});

test("a given folder wins over everything", async () => {
  await folder("supabase", "migrations");
  await folder("db", "changes");
  const found = await findMigrationsDir({ projectDir, given: "db/changes" });
  expect(found).toEqual({ dir: below("db", "changes"), origin: "given", exists: true });
});

test("a given folder that is not there yet is taken, and said to be missing", async () => {
  const found = await findMigrationsDir({ projectDir, given: "db/changes" });
  expect(found).toEqual({ dir: below("db", "changes"), origin: "given", exists: false });
});

test("a given folder outside the project whose parent is missing too is refused", async () => {
  const given = path.join(projectDir, "..", "no-such-folder-of-godwit", "migrations");
  await expect(findMigrationsDir({ projectDir, given })).rejects.toMatchObject({ code: "folder_not_found" });
});

test("a given link is resolved, since it was meant", async () => {
  await folder("real");
  await symlink(below("real"), below("link"));
  expect((await findMigrationsDir({ projectDir, given: "link" })).dir).toBe(below("real"));
});

test.each(["/", "//", "/tmp/.."])("the root of the file system is refused, given as %s", async (given) => {
  await expect(findMigrationsDir({ projectDir, given })).rejects.toMatchObject({
    code: "folder_not_allowed",
  });
});

test("the home folder is refused, also through a link", async () => {
  await symlink(projectDir, below("home"));
  for (const given of [".", "home"]) {
    const finding = findMigrationsDir({ projectDir, given, homeDir: projectDir });
    await expect(finding).rejects.toMatchObject({ code: "folder_not_allowed" });
  }
});

test("a file is refused", async () => {
  await writeFile(below("x"), "");
  await expect(findMigrationsDir({ projectDir, given: "x" })).rejects.toMatchObject({
    code: "folder_not_allowed",
  });
});

test("a path with a NUL is refused", async () => {
  await expect(findMigrationsDir({ projectDir, given: "x\0" })).rejects.toMatchObject({
    code: "folder_not_allowed",
  });
});

test("config.toml makes it supabase/migrations, there or not, before any other folder", async () => {
  await folder("supabase");
  await folder("migrations");
  await writeFile(below("supabase", "config.toml"), 'project_id = "crm"\n');
  const found = await findMigrationsDir({ projectDir });
  expect(found).toEqual({ dir: below("supabase", "migrations"), origin: "config_toml", exists: false });
});

test("supabase/migrations goes before migrations", async () => {
  await folder("supabase", "migrations");
  await folder("migrations");
  expect((await findMigrationsDir({ projectDir })).dir).toBe(below("supabase", "migrations"));
});

test("migrations is found where there is no other", async () => {
  await folder("supabase");
  await folder("migrations");
  expect(await findMigrationsDir({ projectDir })).toEqual({
    dir: below("migrations"),
    origin: "found",
    exists: true,
  });
});

test("with nothing there, the default depends on a supabase folder", async () => {
  expect((await findMigrationsDir({ projectDir })).dir).toBe(below("migrations"));
  await folder("supabase");
  const found = await findMigrationsDir({ projectDir });
  expect(found).toEqual({ dir: below("supabase", "migrations"), origin: "default", exists: false });
});

test("no folder is proposed in the home folder or in the root", async () => {
  for (const place of [{ projectDir, homeDir: projectDir }, { projectDir: "/" }]) {
    await expect(findMigrationsDir(place)).rejects.toMatchObject({ code: "folder_not_allowed" });
  }
});

test("a project in the home folder is taken for what it is", async () => {
  await folder("supabase", "migrations");
  const found = await findMigrationsDir({ projectDir, homeDir: projectDir });
  expect(found.dir).toBe(below("supabase", "migrations"));
});

test("a project folder that does not exist is refused", async () => {
  const asked = findMigrationsDir({ projectDir: below("nowhere") });
  await expect(asked).rejects.toMatchObject({ code: "folder_not_found" });
});

test.each([
  ['project_id = "crm"\n[db]\n', "crm"],
  ["# c\r\n\r\nproject_id='crm' # mine\r\n", "crm"],
  ['\uFEFFproject_id="crm"', "crm"],
  ['[db]\nproject_id = "other"\n', undefined],
  ['project_id = "env(PROJECT)"\n', undefined],
  ['project_id = ""\n', undefined],
  ["project_id = crm\n", undefined],
  ["not toml at all [[[", undefined],
  ["", undefined],
])("the project id of %j is %s", async (toml, id) => {
  await folder("supabase");
  await writeFile(below("supabase", "config.toml"), toml);
  expect(await readProjectId(projectDir)).toBe(id);
});

test("a project without config.toml has no project id", async () => {
  expect(await readProjectId(projectDir)).toBeUndefined();
});
