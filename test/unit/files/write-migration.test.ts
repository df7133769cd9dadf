import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { openFolder } from "../../../src/engine/files/migration-folder.ts";
import { writeMigration } from "../../../src/engine/files/write-migration.ts";
import { makeProject } from "./make-project.ts";

const fileName = "20240101000000_add_orders.sql";
const sql = "select 'é🎉';\n";

test("a file is written whole, and nothing else is left in the folder", async () => {
  const project = await makeProject();
  const location = await writeMigration({ ...project, fileName, sql });
  expect(location).toBe(path.join(project.dir, fileName));
  expect(await readFile(location, "utf8")).toBe(sql);
  expect(await readdir(project.dir)).toEqual([fileName]);
});

test("a missing folder is made, and the port answers the shown path", async () => {
  const project = await makeProject();
  await rm(path.join(project.projectDir, "supabase"), { recursive: true });
  const folder = openFolder({ ...project, clock: { now: () => new Date(0) } });
  expect(folder.label).toBe("supabase/migrations");
  expect(await folder.write({ fileName, sql })).toBe(`supabase/migrations/${fileName}`);
  expect((await folder.read()).files).toHaveLength(1);
});

test("an existing file is never overwritten, nor a link written through", async () => {
  const project = await makeProject({ [fileName]: "mine" });
  await expect(writeMigration({ ...project, fileName, sql })).rejects.toMatchObject({ code: "file_exists" });
  expect(await readFile(path.join(project.dir, fileName), "utf8")).toBe("mine");
  const linked = "20240102000000_linked.sql";
  const target = path.join(project.projectDir, "target.sql");
  await symlink(target, path.join(project.dir, linked));
  await expect(writeMigration({ ...project, fileName: linked, sql })).rejects.toMatchObject({
    code: "file_exists",
  });
  await expect(readFile(target)).rejects.toThrow("ENOENT");
});

test("a version that another file has is refused, whatever the names", async () => {
  const project = await makeProject({ "20240101000000_Other Name.sql": "mine" });
  await expect(writeMigration({ ...project, fileName, sql })).rejects.toMatchObject({
    code: "version_taken",
    details: { version: "20240101000000", file: "20240101000000_Other Name.sql" },
  });
  expect(await readdir(project.dir)).toEqual(["20240101000000_Other Name.sql"]);
});

test.each([
  ["../20240101000000_x.sql", "path_outside_folder"],
  ["a/20240101000000_x.sql", "path_outside_folder"],
  ["..\\20240101000000_x.sql", "path_outside_folder"],
  ["/etc/20240101000000_x.sql", "path_outside_folder"],
  ["C:20240101000000_x.sql", "path_outside_folder"],
  ["20240101000000_x\0.sql", "path_outside_folder"],
  ["..", "path_outside_folder"],
  ["", "path_outside_folder"],
  ["20240101000000_%2e%2e%2fx.sql", "invalid_name"],
  ["20240101000000_x'; drop--.sql", "invalid_name"],
  ['20240101000000_"quoted""".sql', "invalid_name"],
  ["20240101000000_\u0430.sql", "invalid_name"],
  ["99999999999999_x.sql", "invalid_name"],
  [`20240101000000_${"x".repeat(300)}.sql`, "invalid_name"],
  ["20240101000000_x.sql ", "invalid_name"],
  ["x.sql", "invalid_name"],
])("the file name %j is refused with %s, and nothing is made", async (hostile, code) => {
  const project = await makeProject();
  await expect(writeMigration({ ...project, fileName: hostile, sql })).rejects.toMatchObject({ code });
  expect(await readdir(project.dir)).toEqual([]);
  expect(await readdir(project.projectDir)).toEqual(["supabase"]);
});

test.each([
  ["a NUL", "select 1;\n\0", "invalid_input"],
  ["half of a surrogate pair", "select '\ud83c';", "invalid_input"],
  ["more than 10 MB", " ".repeat(10_000_001), "sql_too_large"],
])("SQL with %s is refused", async (_what, text, code) => {
  const project = await makeProject();
  await expect(writeMigration({ ...project, fileName, sql: text })).rejects.toMatchObject({ code });
  expect(await readdir(project.dir)).toEqual([]);
});

test("a folder that is a link out of the project is not written to", async () => {
  const [project, outside] = [await makeProject(), await makeProject()];
  await rm(project.dir, { recursive: true });
  await symlink(outside.dir, project.dir);
  await expect(writeMigration({ ...project, fileName, sql })).rejects.toMatchObject({
    code: "path_outside_folder",
  });
  expect(await readdir(outside.dir)).toEqual([]);
});

test("a missing folder below a link out of the project is not made", async () => {
  const [project, outside] = [await makeProject(), await makeProject()];
  await rm(path.join(project.projectDir, "supabase"), { recursive: true });
  await symlink(outside.projectDir, path.join(project.projectDir, "supabase"));
  const dir = path.join(project.projectDir, "supabase", "new", "migrations");
  await expect(writeMigration({ ...project, dir, fileName, sql })).rejects.toMatchObject({
    code: "path_outside_folder",
  });
  expect(await readdir(outside.projectDir)).toEqual(["supabase"]);
});

test("a folder that is a link within the project is written to", async () => {
  const project = await makeProject();
  await mkdir(path.join(project.projectDir, "db"));
  await rm(project.dir, { recursive: true });
  await symlink(path.join(project.projectDir, "db"), project.dir);
  await writeMigration({ ...project, fileName, sql });
  expect(await readdir(path.join(project.projectDir, "db"))).toEqual([fileName]);
});

test("a folder outside the project that was named as it is is written to", async () => {
  const [project, outside] = [await makeProject(), await makeProject()];
  await writeMigration({ ...project, dir: outside.dir, fileName, sql });
  expect(await readdir(outside.dir)).toEqual([fileName]);
});

test.skipIf(process.getuid?.() === 0)("a folder without rights is told", async () => {
  const project = await makeProject();
  await chmod(project.dir, 0o500);
  await expect(writeMigration({ ...project, fileName, sql })).rejects.toMatchObject({
    code: "folder_not_writable",
  });
});

test("a file in place of the folder is told", async () => {
  const project = await makeProject();
  await rm(project.dir, { recursive: true });
  await writeFile(project.dir, "");
  await expect(writeMigration({ ...project, fileName, sql })).rejects.toMatchObject({
    code: "folder_not_writable",
  });
});

test("a lock that a killed process left does not stand in the way", async () => {
  const project = await makeProject();
  const lock = path.join(project.dir, ".godwit-20240101000000.lock");
  await writeFile(lock, "");
  await utimes(lock, new Date(0), new Date(0));
  await writeMigration({ ...project, fileName, sql });
  expect(await readdir(project.dir)).toEqual([fileName]);
});

test("of writers of one version at once exactly one succeeds", async () => {
  const project = await makeProject();
  const names = Array.from({ length: 30 }, (_, index) => `20240101000000_x${index}.sql`);
  const outcomes = await Promise.allSettled(
    names.map((name) => writeMigration({ ...project, fileName: name, sql })),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "version_taken" });
  }
  expect(await readdir(project.dir)).toHaveLength(1);
});

test("of processes that write one version at once exactly one succeeds", async () => {
  const project = await makeProject();
  const program = path.join(project.projectDir, "write-once.mjs");
  const entry = path.join(import.meta.dirname, "write-once.ts");
  await build({ entryPoints: [entry], outfile: program, bundle: true, platform: "node", format: "esm" });
  const startAt = String(Date.now() + 1500);
  const run = async (index: number): Promise<string> => {
    const name = index % 2 === 0 ? "20240101000000_same.sql" : `20240101000000_x${index}.sql`;
    const parameters = [program, project.dir, project.projectDir, name, startAt];
    return (await promisify(execFile)(process.execPath, parameters)).stdout;
  };
  const outcomes = await Promise.all([0, 1, 2, 3].map(run));
  expect(outcomes.filter((outcome) => outcome === "written")).toHaveLength(1);
  expect(outcomes.every((outcome) => ["written", "version_taken", "file_exists"].includes(outcome))).toBe(
    true,
  );
  expect(await readdir(project.dir)).toHaveLength(1);
}, 30_000);
