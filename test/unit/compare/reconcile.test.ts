import { describe, expect, test } from "vitest";
import { reconcile } from "../../../src/engine/compare/reconcile.ts";
import type { HistoryEntry, RunRecord } from "../../../src/engine/model/history.ts";
import type { MigrationFile } from "../../../src/engine/model/migration.ts";
import { recordedVersion } from "../../../src/engine/model/version.ts";
import { entry, file, run, toLine, unreadableFile } from "./builders.ts";
import { cpuTimeMs } from "../../support/cpu-time.ts";

const statusesOf = (
  files: readonly MigrationFile[],
  entries: readonly HistoryEntry[] = [],
  unfinished: readonly RunRecord[] = [],
) => reconcile({ files, history: { entries, unfinished } }).statuses;
const linesOf = (...parts: Parameters<typeof statusesOf>) => statusesOf(...parts).map(toLine);

describe("a file and the entry of its version", () => {
  test("are applied where name and SQL agree, however the SQL was split and spaced", () => {
    const sql = "-- why\nCREATE TABLE t (id int);\r\n\r\ncreate index on T (id);";
    const files = [file("1_a.sql", sql), file("2_b.sql", sql)];
    const entries = [
      entry("1_a.sql", { statements: ["create table t (id int)", "create index on t (id)"] }),
      entry("2_b.sql", { statements: [sql] }),
    ];
    expect(statusesOf(files, entries)).toMatchObject([
      { kind: "applied", isContentKnown: true },
      { kind: "applied", isContentKnown: true },
    ]);
  });

  test("are renamed where only the name differs, and applied where the entry has no name", () => {
    const files = [file("1_a.sql"), file("2_b.sql"), file("3_c.sql")];
    const entries = [
      entry("1_a.sql", { name: "x" }),
      entry("2_b.sql", { name: undefined }),
      entry("3_c.sql", { name: "" }),
    ];
    expect(linesOf(files, entries)).toEqual(["renamed 1_a.sql 1", "applied 2_b.sql 2", "applied 3_c.sql 3"]);
  });

  test("are edited where the SQL differs, whatever the name", () => {
    const entries = [entry("1_a.sql", { name: "x", statements: ["select 2"] })];
    expect(linesOf([file("1_a.sql")], entries)).toEqual(["edited 1_a.sql 1"]);
  });

  test("are edited where the text inside a literal differs by case or space", () => {
    const entries = [entry("1_a.sql", { statements: ["select 'A'"] })];
    expect(linesOf([file("1_a.sql", "select 'a';")], entries)).toEqual(["edited 1_a.sql 1"]);
  });

  test.each([undefined, []])("are applied with unknown content where %j is recorded", (statements) => {
    const entries = [entry("1_a.sql", { statements, name: "other" })];
    expect(statusesOf([file("1_a.sql")], entries)).toMatchObject([
      { kind: "applied", isContentKnown: false },
    ]);
  });

  test("are compared by the run's checksum where no SQL is recorded", () => {
    const known = file("1_a.sql");
    const checksum = known.content.kind === "sql" ? known.content.checksum : "";
    const withRun = (sum: string) => [
      entry("1_a.sql", { statements: undefined, run: run("1", { checksum: sum }) }),
    ];
    expect(statusesOf([known], withRun(checksum))).toMatchObject([{ kind: "applied", isContentKnown: true }]);
    expect(linesOf([known], withRun("0".repeat(64)))).toEqual(["edited 1_a.sql 1"]);
  });

  test("are applied where both are empty", () => {
    const files = [file("1_a.sql", ""), file("2_b.sql", "-- c")];
    const entries = [entry("1_a.sql", { statements: [] }), entry("2_b.sql", { statements: ["-- other"] })];
    expect(statusesOf(files, entries)).toMatchObject([
      { kind: "applied", isContentKnown: true },
      { kind: "applied", isContentKnown: true },
    ]);
  });

  test("are applied with unknown content where the file cannot be read", () => {
    const statuses = statusesOf([unreadableFile("1_a.sql")], [entry("1_a.sql")]);
    expect(statuses).toMatchObject([{ kind: "applied", isContentKnown: false }]);
  });
});

describe("a file without an entry", () => {
  test("is pending where it is newer than all that is applied, else out of order", () => {
    const files = [file("1_a.sql"), file("2_b.sql"), file("3_c.sql")];
    expect(linesOf(files, [entry("2_b.sql")])).toEqual([
      "out_of_order 1_a.sql -",
      "applied 2_b.sql 2",
      "pending 3_c.sql -",
    ]);
  });

  test("is judged by the text of versions, as the CLI does", () => {
    expect(linesOf([file("20240101_a.sql")], [entry("9_x.sql")])).toContain("out_of_order 20240101_a.sql -");
    expect(linesOf([file("20240101000000_a.sql")], [entry("20240101_x.sql")])).toContain(
      "pending 20240101000000_a.sql -",
    );
  });

  test("is out of order also where the newer entry has no file", () => {
    expect(linesOf([file("1_a.sql")], [entry("5_x.sql")])).toEqual([
      "out_of_order 1_a.sql -",
      "missing_file - 5",
    ]);
  });

  test("is not put out of order by an entry whose version is no number", () => {
    const odd = entry("1_x.sql", { version: recordedVersion("zzz") });
    expect(linesOf([file("1_a.sql")], [odd])).toEqual(["pending 1_a.sql -", "missing_file - zzz"]);
  });

  test("is pending in an empty history, unreadable or not", () => {
    expect(linesOf([file("1_a.sql"), unreadableFile("2_b.sql")])).toEqual([
      "pending 1_a.sql -",
      "pending 2_b.sql -",
    ]);
  });

  test("is skipped where the CLI skips it, and applied all the same where it has an entry", () => {
    const init = { ...file("20200101000000_init.sql"), skippedByCli: true };
    expect(linesOf([init])).toEqual(["skipped 20200101000000_init.sql -"]);
    expect(linesOf([init], [entry("20200101000000_init.sql")])).toEqual([
      "applied 20200101000000_init.sql 20200101000000",
    ]);
  });
});

describe("the same SQL under another version", () => {
  const sql = "create table a ();";
  const recorded = (fileName: string) => entry(fileName, { statements: [sql] });

  test("is renumbered, in either direction and whatever the name", () => {
    expect(linesOf([file("1_a.sql", sql)], [recorded("5_a.sql")])).toEqual(["renumbered 1_a.sql 5"]);
    expect(linesOf([file("5_a.sql", sql)], [recorded("1_b.sql")])).toEqual(["renumbered 5_a.sql 1"]);
  });

  test("pairs one to one: equal names first, then in order", () => {
    const files = [file("1_a.sql", sql), file("2_b.sql", sql), file("3_c.sql", sql)];
    const entries = [recorded("11_x.sql"), recorded("12_c.sql")];
    expect(linesOf(files, entries)).toEqual([
      "renumbered 1_a.sql 11",
      "pending 2_b.sql -",
      "renumbered 3_c.sql 12",
    ]);
  });

  test("is no pair where the entry has a file of its own version, though edited", () => {
    const files = [file("1_a.sql", "select 1;"), file("2_b.sql", sql)];
    expect(linesOf(files, [recorded("1_a.sql")])).toEqual(["edited 1_a.sql 1", "pending 2_b.sql -"]);
  });

  test("is no pair where nothing was recorded", () => {
    const lines = linesOf([file("2_a.sql", sql)], [entry("1_a.sql", { statements: undefined })]);
    expect(lines).toEqual(["missing_file - 1", "pending 2_a.sql -"]);
  });

  test("of comments only pairs under the same name only", () => {
    const empty = (fileName: string) => entry(fileName, { statements: ["-- nothing"] });
    expect(linesOf([file("2_a.sql", "-- c")], [empty("1_b.sql")])).toEqual([
      "missing_file - 1",
      "pending 2_a.sql -",
    ]);
    expect(linesOf([file("2_a.sql", "-- c")], [empty("1_a.sql")])).toEqual(["renumbered 2_a.sql 1"]);
  });

  test("resolves files that share a version where each was recorded under another", () => {
    const files = [file("1_a.sql"), file("1_b.sql")];
    const entries = [
      entry("11_a.sql", { statements: ["select '1_a.sql'"] }),
      entry("12_b.sql", { statements: ["select '1_b.sql'"] }),
    ];
    expect(linesOf(files, entries)).toEqual(["renumbered 1_a.sql 11", "renumbered 1_b.sql 12"]);
  });
});

describe("files that share a version", () => {
  test("the one with the recorded SQL holds the entry", () => {
    const files = [file("1_a.sql"), file("1_b.sql"), file("1_c.sql")];
    const statuses = statusesOf(files, [entry("1_b.sql", { name: "a" })]);
    expect(statuses.map(toLine)).toEqual([
      "duplicate_version 1_a.sql -",
      "renamed 1_b.sql 1",
      "duplicate_version 1_c.sql -",
    ]);
    expect(statuses[0]).toMatchObject({ holder: { fileName: "1_b.sql" } });
  });

  test("else the one with the recorded name, else the first", () => {
    const files = [file("1_a.sql"), file("1_b.sql")];
    const byName = entry("1_b.sql", { statements: ["select 0"] });
    expect(linesOf(files, [byName])).toEqual(["duplicate_version 1_a.sql -", "edited 1_b.sql 1"]);
    expect(linesOf(files, [{ ...byName, name: "z" }])).toEqual([
      "edited 1_a.sql 1",
      "duplicate_version 1_b.sql -",
    ]);
  });

  test("of several with the recorded SQL the name decides", () => {
    const files = [file("1_a.sql", "select 1;"), file("1_b.sql", "select 1;")];
    const lines = linesOf(files, [entry("1_b.sql", { statements: ["select 1"] })]);
    expect(lines).toEqual(["duplicate_version 1_a.sql -", "applied 1_b.sql 1"]);
  });

  test("without an entry the first by name is pending", () => {
    const lines = linesOf([file("1_b.sql"), file("1_a.sql"), file("1_c.sql")]);
    expect(lines).toEqual([
      "pending 1_a.sql -",
      "duplicate_version 1_b.sql -",
      "duplicate_version 1_c.sql -",
    ]);
  });
});

describe("an unfinished run", () => {
  test("makes its file incomplete, the newest run of a version counting", () => {
    const statuses = statusesOf(
      [file("1_a.sql")],
      [],
      [run("1", { id: 2 }), run("1", { id: 3 }), run("1", { id: 1 })],
    );
    expect(statuses).toMatchObject([{ kind: "incomplete", file: { fileName: "1_a.sql" }, run: { id: 3 } }]);
  });

  test("is told where its file is gone, and not where its version was applied since", () => {
    expect(linesOf([], [], [run("1")])).toEqual(["incomplete - -"]);
    expect(linesOf([file("1_a.sql")], [entry("1_a.sql")], [run("1")])).toEqual(["applied 1_a.sql 1"]);
    expect(linesOf([], [], [run("1", { version: undefined })])).toEqual([]);
  });

  test("belongs to the file with its checksum, of several with the version", () => {
    const ran = file("1_b.sql");
    const checksum = ran.content.kind === "sql" ? ran.content.checksum : "";
    const lines = linesOf([file("1_a.sql"), ran], [], [run("1", { checksum })]);
    expect(lines).toEqual(["duplicate_version 1_a.sql -", "incomplete 1_b.sql -"]);
  });
});

test("statuses are in the order of versions, then of file names", () => {
  const files = ["20240101_a.sql", "1_b.sql", "002_c.sql", "1_a.sql"].map((name) => file(name));
  const lines = linesOf(files, [entry("10_x.sql"), entry("0_y.sql")]);
  expect(lines.map((line) => line.split(" ").slice(1).join(" "))).toEqual([
    "- 0",
    "002_c.sql -",
    "1_a.sql -",
    "1_b.sql -",
    "- 10",
    "20240101_a.sql -",
  ]);
});

test("65 applied against 8 files: every entry is told, and the files paired by their SQL", () => {
  const name = (index: number) => `${20250923012432 + index}_m${index}.sql`;
  const entries = Array.from({ length: 65 }, (_, index) => entry(name(index)));
  const files = [0, 1, 2, 3].map((index) =>
    file(`2025012600000${index}_m${index}.sql`, `select '${name(index)}';`),
  );
  const alone = [4, 5, 6, 7].map((index) => file(`2025012700000${index}_n${index}.sql`));
  const kinds = statusesOf([...files, ...alone], entries).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "renumbered")).toHaveLength(4);
  expect(kinds.filter((kind) => kind === "missing_file")).toHaveLength(61);
  expect(kinds.filter((kind) => kind === "out_of_order")).toHaveLength(4);
});

test("every file and every entry appears exactly once, in any history", () => {
  let seed = 11;
  const next = (limit: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % limit;
  const sqls = ["select 1;", "select 2;", "-- nothing", "create table t ();"];
  for (let round = 0; round < 500; round += 1) {
    const files = new Map<string, MigrationFile>();
    const entries = new Map<string, HistoryEntry>();
    for (let index = next(12); index > 0; index -= 1) {
      const fileName = `${next(8)}_${"abc"[next(3)] ?? ""}.sql`;
      const made = next(10) === 0 ? unreadableFile(fileName) : file(fileName, sqls[next(4)]);
      files.set(fileName, { ...made, skippedByCli: next(20) === 0 });
    }
    for (let index = next(12); index > 0; index -= 1) {
      const fileName = `${next(8)}_${"abc"[next(3)] ?? ""}.sql`;
      const statements = next(5) === 0 ? undefined : [sqls[next(4)] ?? ""];
      entries.set(fileName.slice(0, 1), entry(fileName, { statements }));
    }
    const unfinished = Array.from({ length: next(3) }, () => run(String(next(8))));
    const statuses = statusesOf([...files.values()], [...entries.values()], unfinished);
    const seenFiles = statuses.flatMap((status) =>
      "file" in status && status.file !== undefined ? [status.file] : [],
    );
    const seenEntries = statuses.flatMap((status) => ("entry" in status ? [status.entry] : []));
    expect(seenFiles.toSorted(byFileName)).toEqual([...files.values()].toSorted(byFileName));
    expect(new Set(seenEntries)).toEqual(new Set(entries.values()));
    expect(seenEntries).toHaveLength(entries.size);
  }
});

function byFileName(a: MigrationFile, b: MigrationFile): number {
  return a.fileName < b.fileName ? -1 : 1;
}

test("ten thousand files and entries are reconciled in a moment", async () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `${20240101000000 + index}_m${index}.sql`);
  const files = names.map((name) => file(name));
  const entries = names.map((name, index) =>
    entry(index % 2 === 0 ? name : `3${name.slice(1)}`, { statements: [`select '${name}'`] }),
  );
  let statuses: ReturnType<typeof statusesOf> = [];
  const tookMs = await cpuTimeMs(() => {
    statuses = statusesOf(files, entries);
  });
  expect(statuses.filter(({ kind }) => kind === "applied")).toHaveLength(5000);
  expect(statuses.filter(({ kind }) => kind === "renumbered")).toHaveLength(5000);
  expect(tookMs).toBeLessThan(2000);
});
