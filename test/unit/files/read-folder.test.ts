import { execFileSync } from "node:child_process";
import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readFolder } from "../../../src/engine/files/read-folder.ts";
import type { FolderContents } from "../../../src/engine/ports.ts";
import { makeProject, type Project } from "./make-project.ts";
import { cpuTimeMs } from "../../support/cpu-time.ts";

const now = new Date("2026-11-23T00:00:00Z");
const ok = "select 1;\n";

const readProject = (project: Project) => readFolder({ ...project, now });
const readFiles = async (files: Readonly<Record<string, string | Uint8Array>>) =>
  readProject(await makeProject(files));
const codesOf = ({ findings }: FolderContents) => findings.map(({ code, severity }) => `${severity} ${code}`);

describe("the Supabase CLI's rules", () => {
  test("a missing folder reads as empty", async () => {
    const project = await makeProject();
    await rm(project.dir, { recursive: true });
    expect(await readProject(project)).toEqual({
      files: [],
      findings: [],
      archived: [],
      inSubfolders: [],
      archiveEntries: [],
      strays: [],
    });
  });

  test("a missing folder that was named is told, so that no check of a mistyped one passes", async () => {
    const project = await makeProject();
    await rm(project.dir, { recursive: true });
    expect(codesOf(await readFolder({ ...project, isGiven: true, now }))).toEqual(["error folder_missing"]);
  });

  test("files are ordered by the text of the version, then by name", async () => {
    const names = [
      "20240101000000_b.sql",
      "20240101_z.sql",
      "1_x.sql",
      "10_x.sql",
      "002_x.sql",
      "20240101000000_a.sql",
    ];
    const { files } = await readFiles(Object.fromEntries(names.map((name) => [name, ok])));
    expect(files.map(({ fileName }) => fileName)).toEqual([
      "002_x.sql",
      "1_x.sql",
      "10_x.sql",
      "20240101_z.sql",
      "20240101000000_a.sql",
      "20240101000000_b.sql",
    ]);
  });

  test("a folder named like a migration is no file, and what is in it is told", async () => {
    const contents = await readFiles({ "20240101000000_x.sql/a.sql": ok, "20240102000000_a/b c.sql": ok });
    expect(contents.files).toEqual([]);
    expect(contents.findings.map(({ code, file }) => [code, file])).toEqual([
      ["stray_sql_file", "supabase/migrations/20240101000000_x.sql/a.sql"],
      ["stray_sql_file", "supabase/migrations/20240102000000_a/b c.sql"],
    ]);
  });

  test("the first old init file is skipped, and said to be", async () => {
    const contents = await readFiles({ "20200101000000_init.sql": ok, "20200101000001_init.sql": ok });
    expect(contents.files.map(({ skippedByCli }) => skippedByCli)).toEqual([true, false]);
    expect(codesOf(contents)).toEqual(["warning skipped_by_cli"]);
  });

  test("links are followed, one out of the project with a warning, one to nothing as unreadable", async () => {
    const project = await makeProject({ "real/x.txt": ok });
    const outside = await makeProject({ "o.txt": ok });
    await symlink("real/x.txt", path.join(project.dir, "20240101000000_in.sql"));
    await symlink(path.join(outside.dir, "o.txt"), path.join(project.dir, "20240102000000_out.sql"));
    await symlink("nowhere", path.join(project.dir, "20240103000000_gone.sql"));
    await symlink("real", path.join(project.dir, "20240104000000_folder.sql"));
    const contents = await readProject(project);
    expect(contents.files.map(({ content }) => content.kind)).toEqual([
      "sql",
      "sql",
      "unreadable",
      "unreadable",
    ]);
    expect(contents.findings.map(({ code, version }) => [code, version ?? ""])).toEqual([
      ["link_outside_project", ""],
      ["unreadable_file", ""],
      ["unreadable_file", ""],
    ]);
  });

  test.skipIf(process.platform === "win32")("a pipe does not hang the reader", async () => {
    const project = await makeProject();
    execFileSync("mkfifo", [path.join(project.dir, "20240101000000_pipe.sql")]);
    expect(codesOf(await readProject(project))).toEqual(["error unreadable_file"]);
  });

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "a file without rights is unreadable",
    async () => {
      const project = await makeProject({ "20240101000000_x.sql": ok });
      await chmod(path.join(project.dir, "20240101000000_x.sql"), 0);
      expect(codesOf(await readProject(project))).toEqual(["error unreadable_file"]);
    },
  );

  test("a file in place of the folder is refused", async () => {
    const project = await makeProject({ x: ok });
    const reading = readFolder({ ...project, dir: path.join(project.dir, "x"), now });
    await expect(reading).rejects.toMatchObject({ code: "folder_not_allowed" });
  });
});

describe("names", () => {
  test.each([
    ["x.sql", ["warning bad_file_name"]],
    ["20240101000000.sql", ["warning bad_file_name"]],
    ["20240101000000-x.sql", ["warning bad_file_name"]],
    ["20240101000000_x.SQL", ["warning bad_file_name"]],
    ["._20240101000000_x.sql", ["warning bad_file_name"]],
    ["20240101000000_a-b.sql", ["info bad_file_name"]],
    ["20240101000000_Upper.sql", ["info bad_file_name"]],
    ["20240101000000_.sql", ["info bad_file_name"]],
    ["20240101000000_x.sql.sql", ["info bad_file_name"]],
    ["20240101000000_x'; drop--.sql", ["info bad_file_name"]],
    ["108_x.sql", ["info sequential_version"]],
    ["0000_x.sql", ["info sequential_version"]],
    ["20240101_x.sql", ["info short_version"]],
    ["202401010000_x.sql", ["info short_version"]],
    ["20241301000000_x.sql", ["warning impossible_instant"]],
    ["99999999999999_x.sql", ["warning impossible_instant"]],
    ["202401010000000_x.sql", ["warning impossible_instant"]],
    ["99999999999999999999_x.sql", ["warning impossible_instant"]],
    ["20261123235959_x.sql", []],
    ["20261124000000_x.sql", []],
    ["20261124000001_x.sql", ["warning future_version"]],
    ["20240101000000_x.sql", []],
    ["README.md", []],
    [".gitkeep", []],
    ["20240101000000_x.sql.skip", []],
    ["archive/20240101000000_x.sql", []],
    ["rollback/20240101000000_x.sql", []],
    ["old/20240101000000_x.sql", ["info subfolder"]],
    ["old/notes.md", []],
  ])("%s has the findings %j", async (fileName, codes) => {
    const contents = await readFiles({ [fileName]: ok });
    expect(codesOf(contents)).toEqual(codes);
    for (const finding of contents.findings) {
      expect(finding.file).toMatch(/^supabase\/migrations\//);
      expect(finding.hint).not.toBe("");
    }
  });

  test("each of the files that share a version is told, with the others' names", async () => {
    const contents = await readFiles({
      "20240101000000_a.sql": ok,
      "20240101000000_b.sql": ok,
      "20240102000000_c.sql": ok,
    });
    expect(codesOf(contents)).toEqual(["error duplicate_version", "error duplicate_version"]);
    expect(contents.findings[0]?.message).toContain("20240101000000_b.sql");
    expect(contents.findings.map(({ version }) => version)).toEqual(["20240101000000", "20240101000000"]);
  });

  test("the same digits in another length are another version", async () => {
    expect(codesOf(await readFiles({ "1_a.sql": ok, "01_b.sql": ok }))).not.toContain(
      "error duplicate_version",
    );
  });
});

describe("bytes", () => {
  const readBytes = async (content: string | Uint8Array) => {
    const contents = await readFiles({ "20240101000000_x.sql": content });
    return { contents, file: contents.files[0], codes: codesOf(contents), finding: contents.findings[0] };
  };

  test("a byte order mark is told and not part of the SQL", async () => {
    const { file, codes } = await readBytes(`\uFEFF${ok}`);
    expect(codes).toEqual(["warning byte_order_mark"]);
    expect(file?.content).toMatchObject({ kind: "sql", sql: ok });
  });

  test("carriage returns are told and kept in the SQL, and change neither checksum nor fingerprint", async () => {
    const windows = await readBytes("select 1;\r\nselect 2;\r\n");
    const unix = await readBytes("select 1;\nselect 2;\n");
    expect(windows.codes).toEqual(["info carriage_returns"]);
    if (windows.file?.content.kind !== "sql" || unix.file?.content.kind !== "sql")
      throw new Error("unreadable");
    expect(windows.file.content.sql).toContain("\r\n");
    expect(windows.file.content.checksum).toBe(unix.file.content.checksum);
    expect(windows.file.content.fingerprint).toBe(unix.file.content.fingerprint);
  });

  test("a NUL byte is refused with its place", async () => {
    const { file, codes, finding } = await readBytes("select 1;\n-- é\0x");
    expect(codes).toEqual(["error nul_byte"]);
    expect(finding).toMatchObject({ line: 2, column: 5 });
    expect(file?.content).toMatchObject({ kind: "unreadable", reason: "nul_byte" });
  });

  test.each([
    ["after letters", [0x61, 0x0a, 0x62, 0xe9, 0x63], 2, 2],
    ["at the end", [0x61, 0xff], 1, 2],
    ["as a cut character", [0x61, 0xc3], 1, 2],
    ["as a cut character before others", [0x61, 0xe2, 0x82, 0x0a, 0x62], 1, 2],
    ["as an encoded surrogate", [0x61, 0xed, 0xa0, 0x80, 0x62], 1, 2],
    ["after an emoji", [0xf0, 0x9f, 0x8e, 0x89, 0x80], 1, 2],
  ])("a byte that is no UTF-8 %s is refused with its place", async (_place, bytes, line, column) => {
    const { codes, finding } = await readBytes(Uint8Array.from(bytes));
    expect(codes).toEqual(["error invalid_utf8"]);
    expect(finding).toMatchObject({ line, column });
  });

  test("UTF-16 is called by its name", async () => {
    const { codes, finding } = await readBytes(Buffer.from("\uFEFFselect 1;", "utf16le"));
    expect(codes).toEqual(["error nul_byte"]);
    expect(finding?.message).toContain("UTF-16");
  });

  test("a file above 10 MB is refused, one of exactly 10 MB read", async () => {
    expect((await readBytes(Buffer.alloc(10_000_001, 0x20))).codes).toEqual(["error file_too_large"]);
    expect((await readBytes(Buffer.alloc(10_000_000, 0x20))).codes).toEqual(["warning empty_migration"]);
  });

  test.each(["", "\n", "-- a baseline of 65 migrations\n", "/* nothing */", ";;\n"])(
    "%j is an empty migration",
    async (sql) => {
      expect((await readBytes(sql)).codes).toEqual(["warning empty_migration"]);
    },
  );

  test("a conflict marker is told with its line", async () => {
    const { codes, finding } = await readBytes(
      "select 1;\n<<<<<<< HEAD\nselect 2;\n=======\nselect 3;\n>>>>>>> main\n",
    );
    expect(codes).toEqual(["error conflict_marker"]);
    expect(finding).toMatchObject({ line: 2, column: 1 });
  });

  test("ornaments of equal signs are no conflict", async () => {
    expect((await readBytes("/*\n=======\n*/\nselect 1;\n-- =======\n")).codes).toEqual([]);
  });

  test("inline COPY data and psql commands are told with line and column, once a kind", async () => {
    const copy = await readBytes("select '🎉'; copy t from stdin;\n1\n\\.\n");
    expect(copy.codes).toEqual(["error copy_from_stdin"]);
    expect(copy.finding).toMatchObject({ line: 1, column: 13 });
    const psql = await readBytes("\\restrict abc\nselect 1;\n\\unrestrict abc\n");
    expect(psql.codes).toEqual(["error psql_meta_command"]);
    expect(psql.finding).toMatchObject({ line: 1, column: 1 });
  });
});

test("a thousand files are read in well under a second", async () => {
  const sql =
    "create table public.t (id uuid primary key);\nalter table public.t enable row level security;\n".repeat(
      5,
    );
  const names = Array.from(
    { length: 1000 },
    (_, index) => `2024010100${String(index).padStart(4, "0")}_x.sql`,
  );
  const project = await makeProject(Object.fromEntries(names.map((name) => [name, sql])));
  const tookMs = await cpuTimeMs(async () => {
    const { files } = await readProject(project);
    expect(files).toHaveLength(1000);
  });
  expect(tookMs).toBeLessThan(2000);
});

test("a file that cannot be read does not keep the others from being read", async () => {
  const project = await makeProject({
    "20240101000000_a.sql": Uint8Array.of(0xff),
    "20240102000000_b.sql": ok,
  });
  await mkdir(path.join(project.dir, "archive"));
  await writeFile(path.join(project.dir, "archive", "README.md"), "");
  const { files, archived } = await readProject(project);
  expect(files.map(({ content }) => content.kind)).toEqual(["unreadable", "sql"]);
  expect(archived).toEqual([]);
});
