import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "../../src/engine/database/sql.ts";
import type { ReconcileHistoryRequest } from "../../src/engine/index.ts";
import { openScenarioBench, scenarioKinds, type ScenarioBench } from "./scenario-bench.ts";

/** How a scenario is brought to no drift: the calls, each planned and confirmed, and the states that are left. */
interface Case {
  readonly name: string;
  readonly calls: readonly ReconcileHistoryRequest[];
  readonly counts: Readonly<Record<string, number>>;
}

const truth = "database";

const cases: readonly Case[] = [
  { name: "65-applied-8-files", calls: [{ truth }], counts: { applied: 65, pending: 2 } },
  {
    name: "65-applied-8-files",
    calls: [{ truth: "files", reason: "the files are what we keep" }, { actions: ["renumber_file all"] }],
    counts: { applied: 6, pending: 2 },
  },
  { name: "37-orphans-after-mcp", calls: [{}], counts: { applied: 37 } },
  { name: "62-local-52-remote", calls: [{ truth }], counts: { applied: 52, pending: 22 } },
  { name: "duplicate-versions", calls: [{ truth }], counts: { applied: 2, pending: 4 } },
  { name: "edited", calls: [{ truth }], counts: { applied: 11 } },
  { name: "edited", calls: [{ actions: ["keep_both all"] }], counts: { applied: 11, pending: 7 } },
  { name: "renamed", calls: [{}], counts: { applied: 3 } },
  { name: "odd-recorded-versions", calls: [{ truth }], counts: { applied: 5, pending: 1 } },
  {
    name: "odd-recorded-versions",
    calls: [{ actions: ["mark_reverted all"], reason: "made by hand" }],
    counts: { applied: 1, pending: 1 },
  },
  {
    name: "mixed-length-versions",
    calls: [{ truth }, { actions: ["convert_names"] }],
    counts: { applied: 1, pending: 5 },
  },
  {
    name: "sequential-numbering",
    calls: [{ actions: ["convert_names"] }, { truth }],
    counts: { applied: 2, pending: 3 },
  },
];

describe.each(scenarioKinds)("reconciling in a database reached as %s", (kind) => {
  let bench: ScenarioBench;

  beforeAll(async () => {
    bench = await openScenarioBench(kind);
  });

  afterAll(() => bench.close());

  async function readBytes(dir: string): Promise<readonly string[]> {
    const names = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    const texts = await Promise.all(
      files.map((entry) => readFile(path.join(entry.parentPath, entry.name), "latin1")),
    );
    return texts.toSorted();
  }

  async function readRows(): Promise<readonly string[]> {
    const { rows } = await bench.database.withSession((session) =>
      session.run(sql`
        select to_jsonb(m)::text as row
        from supabase_migrations.schema_migrations m`),
    );
    return rows.map((row) => String(row["row"]));
  }

  async function readArchivedRows(): Promise<readonly string[]> {
    const { rows } = await bench.database.withSession((session) =>
      session.run(sql`
        select old_row::text as row
        from supabase_migrations.migration_history_archive`),
    );
    return rows.map((row) => String(row["row"]));
  }

  test.each(cases)("$name ends without drift after $calls", async ({ name, calls, counts }) => {
    await bench.on(name, async (engine, dir) => {
      const filesBefore = await readBytes(dir);
      const rowsBefore = await readRows();
      for (const call of calls) {
        const plan = await engine.reconcileHistory(call, {});
        expect(plan, JSON.stringify(plan)).toMatchObject({ status: "planned" });
        const done = await engine.reconcileHistory({ ...call, confirm: plan.plan_id ?? "" }, {});
        expect(done.status).toBe("carried_out");
      }
      const drift = await engine.detectDrift({ schema: false }, { answerSize: "whole" });
      expect(drift.drift).toEqual([]);
      expect(drift.counts).toEqual(counts);
      const again = await engine.reconcileHistory(calls.at(-1) ?? {}, {}).catch(() => undefined);
      expect(again?.status ?? "nothing_to_do").toBe("nothing_to_do");

      const filesAfter = await readBytes(dir);
      for (const bytes of filesBefore) expect(filesAfter).toContain(bytes);
      const rowsAfter = [...(await readRows()), ...(await readArchivedRows())];
      for (const row of rowsBefore) expect(rowsAfter).toContain(row);
    });
  });
});
