import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine } from "../../src/engine/index.ts";
import type { HistoryChangePlan } from "../../src/engine/model/history-change.ts";
import { recordedVersion } from "../../src/engine/model/version.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { openChangeBench, type ChangeBench } from "./change-bench.ts";
import { codeOf } from "./playground.ts";

const kept = "create table public.a (id int);\n";
const state = {
  files: { "20260101000001_a.sql": kept, "107_old.sql": "select 107;\n" },
  rows: [{ version: "20260101000009", name: "gone", sql: "select 9" }],
};
const reason = "because a test says so";
const steps: Pick<HistoryChangePlan, "files" | "rows"> = {
  files: [
    {
      kind: "archive",
      fileName: "20260101000001_a.sql",
      sha256: createHash("sha256").update(kept).digest("hex"),
      reason,
    },
    { kind: "rename", fileName: "107_old.sql", to: "20260101000002_old.sql", reason },
    { kind: "write", fileName: "20260101000009_gone.sql", sql: "select 9;\n", reason },
  ],
  rows: [{ kind: "remove", version: recordedVersion("20260101000009"), reason }],
};

describe("a change that was cut off, on a database that does not know it", () => {
  let bench: ChangeBench;
  let engine: Engine;
  let other: TestDatabase;

  beforeAll(async () => {
    other = await createDatabase();
    bench = await openChangeBench({ kind: "embedded", dataDir: "memory" });
    engine = createEngine({
      target: { kind: "postgres", url: other.url },
      projectDir: path.dirname(bench.dir),
      readOnly: false,
      lockTimeoutMs: 500,
      lockWaitMs: 5_000,
      statementTimeoutMs: 5_000,
      queryTimeoutMs: 5_000,
      observe: () => undefined,
    });
  });

  afterAll(async () => {
    await engine.close();
    await bench.close();
    await other.drop();
  });

  async function cutOffAt(step: number): Promise<readonly [run: string | undefined, begunAt: string]> {
    await bench.reset(state);
    await bench.runKilledAt(await bench.planFor(steps), step);
    const [run] = await bench.folder.unfinishedChanges();
    return [run, (run === undefined ? undefined : await bench.folder.unfinishedChange(run))?.begunAt ?? ""];
  }

  test("every call that writes names the action, which puts all files back whatever step it came to", async () => {
    await bench.reset(state);
    const before = (await bench.readState()).files;
    for (const step of [2, 5, 9]) {
      const [run] = await cutOffAt(step);
      const actions = [`undo_change ${run}`];
      await expect(engine.createBaseline({}, {})).rejects.toMatchObject({
        code: "change_unfinished",
        hint: expect.stringContaining(`actions: ["${actions[0]}"]`),
      });
      const planned = await engine.reconcileHistory({ actions }, {});
      expect(planned).toMatchObject({ status: "planned", counts: { put_back: 2, take_away: 4 } });
      const done = await engine.reconcileHistory({ actions, confirm: planned.plan_id ?? "" }, {});
      expect(done.status).toBe("carried_out");
      expect((await bench.readState()).files, `cut off before step ${step}`).toEqual(before);
    }
    expect((await engine.listMigrations({}, {})).findings).not.toContainEqual(
      expect.objectContaining({ code: "unfinished_change" }),
    );
  });

  test("what somebody wrote since stays where it is", async () => {
    const [run] = await cutOffAt(9);
    const mine = path.join(bench.dir, "20260101000009_gone.sql");
    await writeFile(`${mine}.tmp`, "select 'mine';\n");
    await rename(`${mine}.tmp`, mine);
    const actions = [`undo_change ${run}`];
    const { plan_id: confirm = "" } = await engine.reconcileHistory({ actions }, {});
    await engine.reconcileHistory({ actions, confirm }, {});
    expect(await readFile(mine, "utf8")).toBe("select 'mine';\n");
    expect(await readFile(path.join(bench.dir, "20260101000001_a.sql"), "utf8")).toBe(kept);
  });

  test("one that may still be under way is left alone", async () => {
    const [run = "", begunAt] = await cutOffAt(6);
    const listed = await engine.listMigrations({}, {});
    expect(listed.findings).toContainEqual(expect.objectContaining({ code: "unfinished_change" }));
    expect(listed.next_steps?.[0]).toMatch(/^reconcile_history \{\} first finishes or undoes/);
    const journal = path.join(bench.dir, "archive", `.godwit-changes-${run}.json`);
    const text = await readFile(journal, "utf8");
    await writeFile(journal, text.replace(begunAt, new Date().toISOString()));
    const actions = [`undo_change ${run}`];
    const { plan_id: confirm = "" } = await engine.reconcileHistory({ actions }, {});
    expect(await codeOf(engine.reconcileHistory({ actions, confirm }, {}))).toBe("change_unfinished");
    await writeFile(journal, text);
  });

  test("is finished or undone as ever where the database knows it", async () => {
    const [run = ""] = await cutOffAt(6);
    expect(await codeOf(engine.reconcileHistory({ actions: ["undo_change ../../x"] }, {}))).toBe(
      "not_applicable",
    );
    expect(await bench.recover()).toMatchObject([{ runId: run, outcome: "undone" }]);
    expect(await codeOf(engine.reconcileHistory({ actions: [`undo_change ${run}`] }, {}))).toBe(
      "not_applicable",
    );
  });
});
