import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HistoryChangePlan } from "../../src/engine/model/history-change.ts";
import { recordedVersion } from "../../src/engine/model/version.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { codeOf } from "./playground.ts";
import { openChangeBench, type ChangeBench } from "./change-bench.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const reason = "because a test says so";

const files = {
  "20260101000001_a.sql": "create table public.a (id int);\n",
  "20260101000002_edited.sql": "create table public.b (id bigint);\n",
  "107_old.sql": "select 107;\r\n",
  "archive/20260101000003_kept.sql": "select 3;\n",
  "archive/manifest.json": manifestOf("20260101000003_kept.sql", "select 3;\n"),
};

const rows = [
  { version: "20260101000001", name: "a", sql: "create table public.a (id int)" },
  { version: "20260101000002", name: "edited", sql: "create table public.b (id int)" },
  { version: "107", name: "old", sql: "select 107" },
  { version: "20260101000009", name: "gone", sql: "select 9" },
];

/** One change of every kind, two of which use one file name. */
const steps: Pick<HistoryChangePlan, "files" | "rows"> = {
  files: [
    {
      kind: "archive",
      fileName: "20260101000002_edited.sql",
      sha256: sha256(files["20260101000002_edited.sql"]),
      reason,
    },
    {
      kind: "write",
      fileName: "20260101000002_edited.sql",
      sql: "create table public.b (id int);\n",
      reason,
    },
    {
      kind: "rename",
      fileName: "107_old.sql",
      to: "20251231235959_old.sql",
      sha256: sha256(files["107_old.sql"]),
      reason,
    },
    {
      kind: "restore",
      archivedFile: "20260101000003_kept.sql",
      to: "20260101000003_kept.sql",
      sha256: sha256("select 3;\n"),
      reason,
    },
  ],
  rows: [
    {
      kind: "update",
      version: recordedVersion("107"),
      to: { version: recordedVersion("20251231235959") },
      reason,
    },
    { kind: "remove", version: recordedVersion("20260101000009"), reason },
    {
      kind: "insert",
      entry: { version: recordedVersion("20260101000003"), name: "kept", statements: ["select 3"] },
      reason,
    },
  ],
};

function manifestOf(file: string, text: string): string {
  const entry = {
    file,
    originalName: file,
    version: file.slice(0, 14),
    name: file.slice(15, -4),
    checksum: sha256(text),
    bytes: text.length,
    archivedAt: "2026-01-01T00:00:00Z",
    reason: "earlier",
  };
  return `${JSON.stringify({ formatVersion: 1, entries: [entry] }, null, 2)}\n`;
}

describe.each(["embedded", "Postgres 17"])("a change of files and history on the %s database", (kind) => {
  let server: TestDatabase | undefined;
  let bench: ChangeBench;

  beforeAll(async () => {
    if (kind !== "embedded") server = await createDatabase();
    bench = await openChangeBench(
      server === undefined ? { kind: "embedded", dataDir: "memory" } : { kind: "postgres", url: server.url },
    );
  });

  afterAll(async () => {
    await bench.close();
    await server?.drop();
  });

  test("changes all files and all rows, and keeps what they replace", async () => {
    await bench.reset({ files, rows });
    await bench.run(await bench.planFor(steps));
    const after = await bench.readState();

    expect(Object.keys(after.files).toSorted()).toEqual([
      "20251231235959_old.sql",
      "20260101000001_a.sql",
      "20260101000002_edited.sql",
      "20260101000003_kept.sql",
      "archive/20260101000002_edited.sql",
      "archive/RECONCILIATION_SUMMARY.md",
      "archive/manifest.json",
    ]);
    expect(after.files["archive/20260101000002_edited.sql"]).toBe(files["20260101000002_edited.sql"]);
    expect(after.files["20251231235959_old.sql"]).toBe(files["107_old.sql"]);
    const manifest = JSON.parse(after.files["archive/manifest.json"] ?? "");
    expect(manifest.entries).toMatchObject([{ file: "20260101000002_edited.sql", reason }]);
    expect(manifest.renames).toMatchObject([{ from: "107_old.sql", to: "20251231235959_old.sql", reason }]);
    expect(after.rows.map((row) => JSON.parse(row).version)).toEqual([
      "20251231235959",
      "20260101000001",
      "20260101000002",
      "20260101000003",
    ]);
    const archived = (await bench.archivedRows()).map((row) => JSON.parse(row));
    expect(archived).toMatchObject([
      { version: "107", statements: ["select 107"] },
      { version: "20260101000009", statements: ["select 9"] },
    ]);
  });

  test("cut off at any step is undone or finished by the next call, and loses nothing", async () => {
    await bench.reset({ files, rows });
    const before = await bench.readState();
    const outcomes: string[] = [];
    for (let step = 1; ; step += 1) {
      await bench.reset({ files, rows });
      const plan = await bench.planFor(steps);
      if ((await bench.runKilledAt(plan, step)) === "done") break;
      const [recovered] = await bench.recover();
      outcomes.push(recovered?.outcome ?? "nothing");
      const after = await bench.readState();
      if (recovered?.outcome === "finished") expect(after.rows).not.toEqual(before.rows);
      else expect(after).toEqual(before);
      expect(await bench.recover()).toEqual([]);
    }
    expect(outcomes.filter((outcome) => outcome === "undone").length).toBeGreaterThan(5);
    expect(outcomes.at(-1)).toBe("finished");
  });

  test.each([
    ["a file", async () => writeFile(path.join(bench.dir, "20260101000001_a.sql"), "select 'other';\n")],
    ["a new file", async () => writeFile(path.join(bench.dir, "20260101000005_new.sql"), "select 5;\n")],
    [
      "the history",
      async () => {
        await bench.database.withSession((session) =>
          session.run({
            text: "delete from supabase_migrations.schema_migrations where version = '107'",
            values: [],
          }),
        );
      },
    ],
  ])("is refused when %s has changed since the plan", async (_, change) => {
    await bench.reset({ files, rows });
    const plan = await bench.planFor(steps);
    await change();
    const before = await bench.readState();
    expect(await codeOf(bench.run(plan))).toBe("plan_is_stale");
    expect(await bench.readState()).toEqual(before);
  });

  test("puts the files back where the database refuses a row", async () => {
    await bench.reset({ files, rows });
    const before = await bench.readState();
    const entry = { version: recordedVersion("20260101000001"), name: "a", statements: [] };
    const refused = { ...steps, rows: [...steps.rows, { kind: "insert" as const, entry, reason }] };
    expect(await codeOf(bench.run(await bench.planFor(refused)))).not.toMatchObject({ resolved: undefined });
    expect(await bench.readState()).toEqual(before);
  });

  test("keeps what somebody wrote to a file after the change was cut off", async () => {
    await bench.reset({ files, rows });
    const plan = await bench.planFor(steps);
    let step = 1;
    for (; ; step += 1) {
      await bench.reset({ files, rows });
      await bench.runKilledAt(plan, step);
      const { files: now } = await bench.readState();
      if (now["20260101000002_edited.sql"] === "create table public.b (id int);\n") break;
      await bench.recover();
    }
    const mine = path.join(bench.dir, "20260101000002_edited.sql");
    await writeFile(`${mine}.tmp`, "select 'mine';\n");
    await (await import("node:fs/promises")).rename(`${mine}.tmp`, mine);
    await bench.recover();
    expect(await readFile(mine, "utf8")).toBe("select 'mine';\n");
    const all = Object.values((await bench.readState()).files);
    expect(all).toContain(files["20260101000002_edited.sql"]);
  });

  test("of another database is left alone and said", async () => {
    await bench.reset({ files, rows });
    await bench.runKilledAt(await bench.planFor(steps), 4);
    await bench.database.withSession((session) =>
      session.run({
        text: "delete from supabase_migrations.migration_history where kind = 'reconcile'",
        values: [],
      }),
    );
    expect(await codeOf(bench.recover())).toBe("change_unfinished");
    expect(await bench.folder.unfinishedChanges()).toHaveLength(1);
  });
});
