import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openManagement } from "../../src/engine/database/management/open-management.ts";
import { sql } from "../../src/engine/database/sql.ts";
import { changeScript, wholeHistoryMark } from "../../src/engine/execute/change-script.ts";
import { beginRunQuery, changeFolder } from "../../src/engine/execute/run-history-change.ts";
import type { HistoryChangePlan } from "../../src/engine/model/history-change.ts";
import { openFolder } from "../../src/engine/files/migration-folder.ts";
import { fakeRef, fakeToken } from "../support/management-fake.ts";
import { createHosted, type Hosted } from "./hosted.ts";
import { codeOf } from "./playground.ts";

const files = {
  "20260101000000_add_users.sql": "create table public.users (id bigint primary key);\n",
  "20260101000005_add_notes.sql": "create table public.notes (body text);\n",
};

/** One file has another version than was recorded, and one recorded migration has no file. */
const before = `
  create schema if not exists supabase_migrations;
  create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
  insert into supabase_migrations.schema_migrations values
    ('20260101000000', array['create table public.users (id bigint primary key)'], 'add_users'),
    ('20260101000001', array['create table public.notes (body text)'], 'add_notes'),
    ('20260101000002', array['create table public.tags (name text)'], 'add_tags');`;

const renumber = {
  actions: ["renumber_row all"],
  truth: "files" as const,
  reason: "the files are what we keep",
};

const isChange = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): boolean =>
  String(body["query"]).includes("'recorded' as outcome");

interface State {
  readonly files: readonly string[];
  readonly versions: readonly unknown[];
  readonly runs: readonly unknown[];
}

async function stateOf({ sql, dir }: Hosted): Promise<State> {
  const rows = await sql`select version from supabase_migrations.schema_migrations order by 1`;
  const [table] = await sql`select to_regclass('supabase_migrations.migration_history') as name`;
  const runs =
    table?.["name"] === null
      ? []
      : await sql`select status from supabase_migrations.migration_history where kind = 'reconcile' order by id`;
  const names = await readdir(join(dir, "supabase/migrations"));
  return {
    files: names.filter((name) => name.endsWith(".sql")).toSorted(),
    versions: rows.map((row) => row["version"] as unknown),
    runs: runs.map((row) => row["status"] as unknown),
  };
}

const untouched = {
  files: Object.keys(files),
  versions: ["20260101000000", "20260101000001", "20260101000002"],
};
const reconciled = {
  files: ["20260101000000_add_users.sql", "20260101000001_add_notes.sql", "20260101000002_add_tags.sql"],
  versions: ["20260101000000", "20260101000001", "20260101000002"],
};

/** Plans and confirms; the plan is asked for first, so that the fault meets the change. */
async function reconcile(hosted: Hosted) {
  const plan = await hosted.engine.reconcileHistory({}, {});
  expect(plan).toMatchObject({ status: "planned" });
  return () => hosted.engine.reconcileHistory({ confirm: plan.plan_id ?? "" }, {});
}

describe("changing files and history by single requests", () => {
  test("does both, and is recorded", async () => {
    const hosted = await createHosted({ files, before });
    const carryOut = await reconcile(hosted);
    expect((await carryOut()).status).toBe("carried_out");
    expect(await stateOf(hosted)).toEqual({ ...reconciled, runs: ["completed"] });
    expect((await hosted.engine.detectDrift({ schema: false }, {})).has_drift).toBe(false);
  });

  test("a row that is replaced goes to the archive table first", async () => {
    const hosted = await createHosted({ files, before });
    const plan = await hosted.engine.reconcileHistory(renumber, {});
    const done = await hosted.engine.reconcileHistory({ ...renumber, confirm: plan.plan_id ?? "" }, {});
    expect(done.status).toBe("carried_out");
    const kept = await hosted.sql`select version, reason from supabase_migrations.migration_history_archive`;
    expect(kept.map((row) => row["version"] as unknown)).toContain("20260101000001");
  });

  test.each(["cut_after", "late"] as const)(
    "where the answer is lost after the commit (%s), it is found to be done",
    async (kind) => {
      const hosted = await createHosted({ files, before });
      const carryOut = await reconcile(hosted);
      hosted.fake.failNext({ kind }, isChange);
      expect((await carryOut()).status).toBe("carried_out");
      expect(await stateOf(hosted)).toEqual({ ...reconciled, runs: ["completed"] });
      expect(hosted.fake.requests.filter(isChange)).toHaveLength(1);
    },
  );

  test("where the request never arrives, the files come back", async () => {
    const hosted = await createHosted({ files, before });
    const carryOut = await reconcile(hosted);
    hosted.fake.failNext({ kind: "cut_before" }, isChange);
    expect(await codeOf(carryOut())).toBe("connection_lost");
    expect(await stateOf(hosted)).toEqual({ ...untouched, runs: ["error"] });
    const again = await reconcile(hosted);
    expect((await again()).status).toBe("carried_out");
  });

  test("a request that the service carries out only after it was given up changes nothing", async () => {
    const hosted = await createHosted({ files, before });
    const carryOut = await reconcile(hosted);
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    hosted.fake.failNext({ kind: "delayed", gate }, isChange);
    expect(await codeOf(carryOut())).toBe("connection_lost");
    open();
    await hosted.fake.settled();
    expect(await stateOf(hosted)).toEqual({ ...untouched, runs: ["error"] });
  });

  test("statements that the service runs apart are refused before the first of them", async () => {
    const hosted = await createHosted({ files, before, fake: { splitsStatements: true } });
    const carryOut = await reconcile(hosted);
    expect(await codeOf(carryOut())).toBe("needs_session");
    expect(await stateOf(hosted)).toEqual({ ...untouched, runs: [] });
  });

  test("where the service refuses the rows, the files come back and the run is noted as undone", async () => {
    const hosted = await createHosted({ files, before });
    const carryOut = await reconcile(hosted);
    const body = {
      message: "Failed to run sql query: ERROR:  42501: permission denied for table schema_migrations",
    };
    hosted.fake.failNext({ kind: "answer", status: 400, body }, isChange);
    await expect(carryOut()).rejects.toThrow();
    expect(await stateOf(hosted)).toEqual({ ...untouched, runs: ["error"] });
  });

  test("what changes meanwhile makes the plan stale", async () => {
    const hosted = await createHosted({ files, before });
    const carryOut = await reconcile(hosted);
    await hosted.sql`insert into supabase_migrations.schema_migrations values ('20260101000003', '{}', 'x')`;
    expect(await codeOf(carryOut())).toBe("plan_is_stale");
    expect((await stateOf(hosted)).files).toEqual(untouched.files);
  });

  test("another writer of the history is waited for", async () => {
    const hosted = await createHosted({ files, before });
    const carryOut = await reconcile(hosted);
    let letGo = (): void => undefined;
    const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
    const holding = hosted.sql.begin(async (writer) => {
      await writer`select pg_advisory_xact_lock(hashtextextended('supabase_migrations.schema_migrations@' || current_database(), 0))`;
      await isLetGo;
    });
    await hosted.engine.executeSql({ query: "select 1" }, {});
    const carriedOut = carryOut();
    const asksForLock = ({ body }: { readonly body: Readonly<Record<string, unknown>> }) =>
      String(body["query"]).includes("pg_try_advisory_xact_lock");
    await expect.poll(() => hosted.fake.requests.filter(asksForLock).length).toBeGreaterThan(0);
    letGo();
    await holding;
    expect((await carriedOut).status).toBe("carried_out");
  });

  test("a baseline takes the place of files and rows", async () => {
    const hosted = await createHosted({ files });
    await hosted.engine.applyMigration({}, {});
    const planned = await hosted.engine.createBaseline({}, {});
    expect(planned).toMatchObject({ status: "planned", proved: true });
    const done = await hosted.engine.createBaseline({ confirm: planned.plan_id ?? "" }, {});
    expect(done.status).toBe("done");
    expect((await hosted.engine.listMigrations({}, {})).counts).toEqual({ applied: 1 });
    expect((await hosted.engine.detectDrift({}, {})).has_drift).toBe(false);
  });

  test.each([
    { cutOff: "before the request", said: "undone now", files: untouched.files },
    {
      cutOff: "after the request",
      said: "finished now",
      files: ["20260101000000_add_users.sql", "20260101000001_add_notes.sql"],
    },
  ])("cut off $cutOff, the change is settled by the next call", async ({ cutOff, said, files: left }) => {
    const hosted = await createHosted({ files, before });
    await cutOffChange(hosted, cutOff === "after the request");
    const next = await hosted.engine.reconcileHistory({}, {});
    expect(next.warnings?.join()).toContain(said);
    expect((await stateOf(hosted)).files).toEqual(left);
    expect((await hosted.engine.reconcileHistory({}, {})).warnings?.join() ?? "").not.toContain("cut off");
  });
});

/** What a process leaves that dies while it renumbers the second file. */
async function cutOffChange(hosted: Hosted, isCommitted: boolean): Promise<void> {
  const runId = "5a8f2a0e-2d0b-4c5e-9b53-0d7e9b6f0c11";
  const clock = {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    sleep: () => Promise.resolve(),
  };
  const target = { projectRef: fakeRef, accessToken: fakeToken, apiUrl: hosted.fake.url, isReadOnly: false };
  const database = openManagement(target, clock);
  const folder = openFolder({
    dir: join(hosted.dir, "supabase/migrations"),
    projectDir: hosted.dir,
    clock,
  });
  const plan: HistoryChangePlan = {
    formatVersion: 1,
    id: "plan",
    purpose: "reconcile",
    target: fakeRef,
    expectsHistory: "",
    expectsFiles: "",
    files: [
      {
        kind: "rename",
        fileName: "20260101000005_add_notes.sql",
        to: "20260101000001_add_notes.sql",
        reason: "recorded so",
      },
    ],
    rows: [],
    summary: "",
  };
  const run = { runId, appliedBy: "somebody", observe: () => undefined, database, folder };
  const { engine } = hosted;
  // The tables come with the first migration.
  await hosted.write({ "20260101000009_first.sql": "select 1;\n" });
  await engine.applyMigration({ version: "20260101000009" }, {});
  await hosted.sql`delete from supabase_migrations.schema_migrations where version = '20260101000009'`;
  await rm(join(hosted.dir, "supabase/migrations/20260101000009_first.sql"));
  await database.runScript([beginRunQuery(run, plan)]);
  await changeFolder(run, plan);
  if (!isCommitted) return;
  const { rows } = await database.reader({}).run(sql`select ${wholeHistoryMark} as mark`);
  const limits = { lockTimeoutMs: 500, statementTimeoutMs: 5_000 };
  const mark = String(rows[0]?.["mark"]);
  await database.runScript(changeScript({ runId, limits, mark, changes: [], rowsAffected: 0 }));
}
