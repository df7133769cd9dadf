import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import type { Engine, ReconcileHistoryRequest } from "../../src/engine/index.ts";
import { splitStatements } from "../../src/engine/sql/split.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";

type Target = Parameters<typeof openDatabase>[0];

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

describe.each(["embedded", "Postgres 17"])("reconciling in the %s database", (kind) => {
  let server: TestDatabase | undefined;
  let target: Target;
  let database: Awaited<ReturnType<typeof openDatabase>>;

  beforeAll(async () => {
    if (kind !== "embedded") server = await createSupabaseDatabase();
    target =
      server === undefined ? { kind: "embedded", dataDir: "memory" } : { kind: "postgres", url: server.url };
    database = await openDatabase(target);
  });

  afterAll(async () => {
    await database.close();
    await server?.drop();
  });

  async function onScenario(
    name: string,
    use: (engine: Engine, dir: string) => Promise<void>,
  ): Promise<void> {
    const projectDir = await mkdtemp(path.join(tmpdir(), "godwit-scenario-"));
    const engine = createEngineOn(
      {
        target,
        projectDir,
        readOnly: false,
        lockTimeoutMs: 500,
        lockWaitMs: 1_000,
        statementTimeoutMs: 5_000,
        queryTimeoutMs: 5_000,
        observe: () => undefined,
      },
      async () => database,
    );
    const dir = path.join(projectDir, "migrations");
    try {
      await cp(path.join(import.meta.dirname, name, "folder"), dir, { recursive: true });
      await database.withSession(async (session) => {
        await session.run(sql`drop schema if exists supabase_migrations cascade`);
        const history = readFileSync(path.join(import.meta.dirname, name, "history.sql"), "utf8");
        for (const { text } of splitStatements(history)) await session.run(userStatement(text));
      });
      await use(engine, dir);
    } finally {
      await rm(projectDir, { recursive: true, force: true });
    }
  }

  async function readBytes(dir: string): Promise<readonly string[]> {
    const names = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    const texts = await Promise.all(
      files.map((entry) => readFile(path.join(entry.parentPath, entry.name), "latin1")),
    );
    return texts.toSorted();
  }

  async function readRows(): Promise<readonly string[]> {
    const { rows } = await database.withSession((session) =>
      session.run(sql`
        select to_jsonb(m)::text as row
        from supabase_migrations.schema_migrations m`),
    );
    return rows.map((row) => String(row["row"]));
  }

  async function readArchivedRows(): Promise<readonly string[]> {
    const { rows } = await database.withSession((session) =>
      session.run(sql`
        select old_row::text as row
        from supabase_migrations.migration_history_archive`),
    );
    return rows.map((row) => String(row["row"]));
  }

  test.each(cases)("$name ends without drift after $calls", async ({ name, calls, counts }) => {
    await onScenario(name, async (engine, dir) => {
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
