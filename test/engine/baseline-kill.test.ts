import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reconcile } from "../../src/engine/compare/reconcile.ts";
import { toChecksum } from "../../src/engine/files/checksum.ts";
import { readHistory } from "../../src/engine/history/read-history.ts";
import type { HistoryChangePlan } from "../../src/engine/model/history-change.ts";
import { chooseReplaced } from "../../src/engine/plan/baseline/choose-replaced.ts";
import { planBaseline } from "../../src/engine/plan/baseline/plan-baseline.ts";
import { digestHistory } from "../../src/engine/plan/plan-id.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { openChangeBench, type ChangeBench } from "./change-bench.ts";

const state = {
  files: {
    "108_never.sql": "select 108;\n",
    "20260101000001_a.sql": "create table public.a (id int);\n",
    "20260101000002_edited.sql": "create table public.b (id bigint);\n",
    "20260101000009_pending.sql": "select 9;\n",
  },
  rows: [
    { version: "20260101000001", name: "a", sql: "create table public.a (id int)" },
    { version: "20260101000002", name: "edited", sql: "create table public.b (id int)" },
    { version: "20260101000003", name: "gone", sql: "create table public.c (id int)" },
  ],
};
const text =
  "create table public.a (id int);\ncreate table public.b (id int);\ncreate table public.c (id int);\n";

describe("a baseline that is killed", () => {
  let database: TestDatabase;
  let bench: ChangeBench;
  beforeAll(async () => {
    database = await createDatabase();
    bench = await openChangeBench({ kind: "postgres", url: database.url });
  });
  afterAll(async () => {
    await bench.close();
    await database.drop();
  });

  async function plan(): Promise<HistoryChangePlan> {
    const history = await bench.database.withSession(readHistory);
    const { files } = await bench.folder.read();
    const replaced = chooseReplaced(history, reconcile({ files, history }), new Date("2026-11-23T00:00:00Z"));
    const going = [...replaced.applied, ...replaced.neverApplied];
    const sha256 = new Map<string, string>();
    for (const { fileName } of going) sha256.set(fileName, await bench.folder.sha256Of(fileName));
    return planBaseline({
      replaced,
      name: "baseline",
      checksum: toChecksum(text),
      file: { fileName: `${replaced.version}_baseline.sql`, text, body: text },
      statements: text.split(";\n").slice(0, -1),
      target: bench.database.target.id,
      expectsHistory: digestHistory(history),
      expectsSchema: "",
      files,
      sha256,
      summary: "## Baseline\n",
    });
  }

  it("at any step leaves everything as it was or as it is to be, once the next run has looked", async () => {
    const ends = new Set<string>();
    for (let step = 1, isDone = false; !isDone; step += 1) {
      await bench.reset(state);
      const before = await bench.readState();
      isDone = (await bench.runKilledAt(await plan(), step)) === "done";
      await bench.recover();
      const after = await bench.readState();
      const bytes = new Set(Object.values(after.files));
      for (const old of Object.values(before.files)) expect(bytes).toContain(old);
      if (after.rows.length === before.rows.length) {
        expect(after).toEqual(before);
        ends.add("undone");
      } else {
        expect(after.rows).toHaveLength(1);
        expect((await bench.archivedRows()).toSorted()).toEqual([...before.rows].toSorted());
        expect(Object.keys(after.files).toSorted()).toEqual([
          "20260101000003_baseline.sql",
          "20260101000009_pending.sql",
          "archive/108_never.sql",
          "archive/20260101000001_a.sql",
          "archive/20260101000002_edited.sql",
          "archive/RECONCILIATION_SUMMARY.md",
          "archive/manifest.json",
        ]);
        ends.add("finished");
      }
    }
    expect([...ends].toSorted()).toEqual(["finished", "undone"]);
  });
});
