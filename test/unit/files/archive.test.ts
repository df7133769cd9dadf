import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { archiveFile } from "../../../src/engine/files/archive.ts";
import { toChecksum } from "../../../src/engine/files/checksum.ts";
import { readArchive } from "../../../src/engine/files/read-archive.ts";
import { makeProject, type Project } from "./make-project.ts";

const now = new Date("2026-11-23T01:02:03.456Z");
const fileName = "20240101000000_add_orders.sql";
const sql = "select 1;\r\n";
const archive = (project: Project, name = fileName) =>
  archiveFile({ ...project, fileName: name, reason: "replaced by a baseline", now });
const readManifestText = ({ dir }: Project) => readFile(path.join(dir, "archive", "manifest.json"), "utf8");
const findingsOf = async ({ dir, projectDir }: Project) => (await readArchive(dir, projectDir)).findings;

test("an archived file keeps its bytes, and the manifest says what it was", async () => {
  const project = await makeProject({ [fileName]: sql });
  expect(await archive(project)).toBe(path.join(project.dir, "archive", fileName));
  expect(await readdir(project.dir)).toEqual(["archive"]);
  expect(await readFile(path.join(project.dir, "archive", fileName), "utf8")).toBe(sql);
  expect(await readdir(path.join(project.dir, "archive"))).toEqual([fileName, "manifest.json"]);
  expect(await readManifestText(project)).toBe(
    `{
  "formatVersion": 1,
  "entries": [
    {
      "file": "20240101000000_add_orders.sql",
      "originalName": "20240101000000_add_orders.sql",
      "version": "20240101000000",
      "name": "add_orders",
      "checksum": "${toChecksum("select 1;\n")}",
      "bytes": 11,
      "archivedAt": "2026-11-23T01:02:03Z",
      "reason": "replaced by a baseline"
    }
  ]
}
`,
  );
});

test("a file of the same name in the archive is never overwritten", async () => {
  const project = await makeProject({ [fileName]: "new", [`archive/${fileName}`]: "old" });
  expect(path.basename(await archive(project))).toBe("20240101000000_add_orders.2.sql");
  await writeFile(path.join(project.dir, fileName), "newest");
  expect(path.basename(await archive(project))).toBe("20240101000000_add_orders.3.sql");
  expect(await readFile(path.join(project.dir, "archive", fileName), "utf8")).toBe("old");
  expect(await findingsOf(project)).toMatchObject([{ code: "archive_unlisted", severity: "info" }]);
});

test("files archived at once all arrive, each with its entry", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `${20240101000000 + index}_x.sql`);
  const project = await makeProject(Object.fromEntries(names.map((name) => [name, name])));
  await Promise.all(names.map((name) => archive(project, name)));
  expect((await readArchive(project.dir, project.projectDir)).archived).toEqual(
    names.map((name) => `archive/${name}`),
  );
  const entries: unknown = JSON.parse(await readManifestText(project));
  expect(entries).toHaveProperty("entries.length", 12);
});

test("a link is archived as the text that it leads to, which stays where it is", async () => {
  const project = await makeProject({ "kept/x.txt": sql });
  await symlink("kept/x.txt", path.join(project.dir, fileName));
  await archive(project);
  expect(await readFile(path.join(project.dir, "archive", fileName), "utf8")).toBe(sql);
  expect(await readFile(path.join(project.dir, "kept", "x.txt"), "utf8")).toBe(sql);
  expect(await readdir(project.dir)).toEqual(["archive", "kept"]);
});

test.each([
  ["../x.sql", "path_outside_folder"],
  ["archive/x.sql", "path_outside_folder"],
  ["nothing.sql", "file_not_found"],
  ["folder.sql", "file_not_found"],
])("archiving %j is refused with %s", async (name, code) => {
  const project = await makeProject({ "folder.sql/x.txt": "" });
  await expect(archive(project, name)).rejects.toMatchObject({ code });
});

test("an archive that is a link out of the project is not written to", async () => {
  const [project, outside] = [await makeProject({ [fileName]: sql }), await makeProject()];
  await symlink(outside.dir, path.join(project.dir, "archive"));
  await expect(archive(project)).rejects.toMatchObject({ code: "path_outside_folder" });
  expect(await readdir(outside.dir)).toEqual([]);
  expect(await readFile(path.join(project.dir, fileName), "utf8")).toBe(sql);
});

test.each([
  "{",
  "[]",
  '{"files": []}',
  '{"formatVersion": 2, "entries": []}',
  '{"formatVersion": 1, "entries": [{}]}',
])("with the manifest %s nothing is moved", async (manifest) => {
  const project = await makeProject({ [fileName]: sql, "archive/manifest.json": manifest });
  await expect(archive(project)).rejects.toMatchObject({ code: "file_not_readable" });
  expect(await readManifestText(project)).toBe(manifest);
  expect(await readdir(path.join(project.dir, "archive"))).toEqual(["manifest.json"]);
  expect(await readFile(path.join(project.dir, fileName), "utf8")).toBe(sql);
});

test("a missing and a changed file are told, another line end is not", async () => {
  const names = ["20240101000000_a.sql", "20240102000000_b.sql", "20240103000000_c.sql"];
  const project = await makeProject(Object.fromEntries(names.map((name) => [name, sql])));
  for (const name of names) await archive(project, name);
  await rm(path.join(project.dir, "archive", "20240101000000_a.sql"));
  await writeFile(path.join(project.dir, "archive", "20240102000000_b.sql"), "select 2;\n");
  await writeFile(path.join(project.dir, "archive", "20240103000000_c.sql"), "select 1;\n");
  expect((await findingsOf(project)).map(({ code, file }) => [code, file])).toEqual([
    ["archive_mismatch", "supabase/migrations/archive/20240101000000_a.sql"],
    ["archive_mismatch", "supabase/migrations/archive/20240102000000_b.sql"],
  ]);
});

test("a manifest that names a file outside the archive is told and not followed", async () => {
  const project = await makeProject({ [fileName]: sql });
  await archive(project);
  const manifest = (await readManifestText(project)).replace(`"file": "`, `"file": "../`);
  await writeFile(path.join(project.dir, "archive", "manifest.json"), manifest);
  expect((await findingsOf(project)).map(({ code }) => code)).toEqual([
    "archive_mismatch",
    "archive_unlisted",
  ]);
});

test("people's own archives are listed without complaint", async () => {
  const project = await makeProject({
    "archive/x.sql": "",
    "archive/old/y.sql": "",
    "archive/README.md": "",
  });
  await mkdir(path.join(project.dir, "archive", "z.sql"));
  const contents = await readArchive(project.dir, project.projectDir);
  expect(contents).toEqual({ archived: ["archive/old/y.sql", "archive/x.sql"], entries: [], findings: [] });
  await writeFile(path.join(project.dir, "archive", "manifest.json"), '{"files": []}');
  expect(await findingsOf(project)).toEqual([]);
});

test("a broken manifest is told", async () => {
  const project = await makeProject({ "archive/manifest.json": "{" });
  expect((await findingsOf(project)).map(({ code }) => code)).toEqual(["archive_mismatch"]);
});
