import { describe, expect, it } from "vitest";
import { codeOf, createPlayground, type Playground } from "../engine/playground.ts";
import { createHosted } from "../engine/hosted.ts";
import { createProject } from "../support/project.ts";

const first = "20260101000000_first.sql";
const second = "20260102000000_second.sql";

/** A project with a spec, on a real server. */
async function withSpec(
  checks: readonly object[],
  { files = {}, settings = {}, seed = [] as readonly object[], before = "" } = {},
): Promise<Playground> {
  const playground = await createPlayground({ files, settings, before });
  await writeSpec(playground, { seed, checks });
  return playground;
}

function writeSpec({ write }: Playground, spec: object): Promise<void> {
  return write({ "../../godwit.verify.json": JSON.stringify(spec, null, 1) });
}

const protectedNotes = [{ has_table: "notes" }, { rls_enabled: "notes" }];

describe("a project's spec before a commit", () => {
  it("rolls a migration back that it does not hold with, and says at which line", async () => {
    const playground = await withSpec(protectedNotes, { files: { [first]: "create table notes (id int);" } });
    const report = await playground.apply();
    expect(report.status).toBe("failed");
    expect(report.failure).toMatchObject({
      code: "spec_not_met",
      message: expect.stringMatching(/1 of 2 checks failed.*godwit\.verify\.json:7: rls_enabled notes/s),
      hint: expect.stringContaining("verify_before_commit"),
    });
    expect(report.verified).toEqual({ file: "godwit.verify.json", passed: 1, failed: 1 });
    expect(report.next_steps?.at(-1)).toContain("Where the change is meant, correct godwit.verify.json");
    expect(await playground.relations()).toEqual([]);
    expect(await playground.entries()).toEqual([]);
  });

  it("lets a migration pass that it holds with, and says so", async () => {
    const playground = await withSpec(protectedNotes, {
      files: { [first]: "create table notes (id int);\nalter table notes enable row level security;" },
    });
    const report = await playground.apply();
    expect(report).toMatchObject({ status: "applied", verified: { file: "godwit.verify.json", passed: 2 } });
    expect(report.summary).toContain("godwit.verify.json holds: 2 checks passed.");
  });

  it("is told by a dry run, either way", async () => {
    const files = { [first]: "create table notes (id int);" };
    const playground = await withSpec(protectedNotes, { files });
    expect(await playground.apply({ dryRun: true })).toMatchObject({
      status: "failed",
      failure: { code: "spec_not_met" },
    });
    await writeSpec(playground, { checks: [{ has_table: "notes" }] });
    expect(await playground.apply({ dryRun: true })).toMatchObject({
      status: "rehearsed",
      summary: expect.stringContaining("would hold: 1 check passed"),
    });
    expect(await playground.relations()).toEqual([]);
  });

  it("is judged when all of several migrations have run, and keeps those before the last", async () => {
    const files = {
      [first]: "create table notes (id int);",
      [second]: "alter table notes enable row level security;",
    };
    const playground = await withSpec(protectedNotes, { files });
    expect((await playground.apply()).status).toBe("applied");
    await playground.write({ "20260103000000_third.sql": "create table more (id int);" });
    await playground.write({ "20260104000000_fourth.sql": "alter table notes disable row level security;" });
    const report = await playground.apply();
    expect(report.migrations.map(({ outcome }) => outcome)).toEqual(["applied", "failed"]);
  });

  it("waits where a file stays pending, and says so", async () => {
    const files = {
      [first]: "create table notes (id int);",
      [second]: "alter table notes enable row level security;",
    };
    const playground = await withSpec(protectedNotes, { files });
    const report = await playground.apply({ version: "20260101000000" });
    expect(report).toMatchObject({
      status: "applied",
      warnings: [expect.stringContaining("was not judged before the commit: a file stays pending")],
    });
  });

  it("is judged without the role and settings of the migration, and leaves its way back to be found", async () => {
    const playground = await withSpec(
      [
        { row_count: { query: "select * from notes", eq: 1 } },
        { lives_ok: "insert into notes values (2)" },
        { results_eq: { query: "select current_user = session_user", rows: [["true"]] } },
      ],
      {
        settings: { rollbackWindowHours: 48 },
        seed: [{ table: "notes", values: { id: 1 } }],
        before: "do $$ begin create role gate_nobody; exception when duplicate_object then null; end $$;",
        files: {
          [first]: "create table notes (id int);\nset search_path = pg_catalog;\nset role gate_nobody;",
        },
      },
    );
    const report = await playground.apply();
    expect(report.failure).toBeUndefined();
    expect(report).toMatchObject({ status: "applied", verified: { passed: 3 } });
    expect(report.migrations[0]?.rollback).toMatch(/^proven/);
    expect(await playground.sql`select * from public.notes`).toEqual([]);
  });

  it("skips what a new enum value keeps it from knowing before the commit", async () => {
    const playground = await withSpec(
      [{ lives_ok: "insert into notes values ('new')" }, { throws_ok: { query: "select 'new'::mood" } }],
      {
        before: "create type mood as enum ('old'); create table notes (mood mood);",
        files: { [first]: "alter type mood add value 'new';" },
      },
    );
    expect(await playground.apply()).toMatchObject({
      status: "applied",
      verified: { passed: 0, skipped: 2 },
    });
  });

  it("is not asked about what cannot run in a transaction, and says so", async () => {
    const playground = await withSpec([{ has_table: "nowhere" }], {
      files: { [first]: "create table notes (id int);\ncreate index concurrently on notes (id);" },
    });
    expect(await playground.apply()).toMatchObject({
      status: "applied",
      warnings: [expect.stringMatching(/cannot run in a transaction\. verify_schema/)],
    });
  });

  it("says that the Management API gives no session to ask it in", async () => {
    const hosted = await createHosted({ files: { [first]: "create table notes (id int);" } });
    await hosted.write({
      "../../godwit.verify.json": JSON.stringify({ checks: [{ has_table: "nowhere" }] }),
    });
    const report = await hosted.engine.applyMigration({}, {});
    expect(report.status).toBe("applied");
    expect(report.warnings?.join(" ")).toContain("the Management API gives no session");
  });

  it("is left to verify_schema where the settings say so", async () => {
    const playground = await withSpec([{ has_table: "nowhere" }], {
      settings: { verifyBeforeCommit: false },
      files: { [first]: "create table notes (id int);" },
    });
    const report = await playground.apply();
    expect(report.status).toBe("applied");
    expect(report.verified).toBeUndefined();
    expect((await playground.engine.verifySchema({}, {})).counts.failed).toBe(1);
  });

  it("stops everything before it begins where it cannot be read", async () => {
    const playground = await withSpec([{ has_tabel: "notes" }]);
    const given = { name: "notes", query: "create table notes (id int);" };
    expect(await codeOf(playground.apply(given))).toBe("invalid_spec");
    await playground.write({ "../../godwit.verify.yaml": "checks: [{ has_table: notes }]" });
    expect(await codeOf(playground.apply(given))).toBe("arguments_conflict");
    expect((await playground.engine.listMigrations({}, {})).migrations).toEqual([]);
  });

  it("does not take another session's lock for a failed check", async () => {
    const playground = await withSpec([{ row_count: { query: "select * from busy", eq: 0 } }], {
      settings: { lockTimeoutMs: 50, lockWaitMs: 300 },
      before: "create table busy ();",
      files: { [first]: "create table notes (id int);" },
    });
    const holder = await playground.sql.reserve();
    await holder`begin`;
    await holder`lock table busy in access exclusive mode`;
    expect((await playground.apply()).failure).toMatchObject({ code: "lock_not_available" });
    await holder`rollback`;
    holder.release();
    expect((await playground.apply()).status).toBe("applied");
  });

  it("stands before a phase, too, and not before its batches", async () => {
    const playground = await withSpec([{ row_count: { query: "select * from notes", eq: 1 } }], {
      before: "create table notes (id int primary key);",
    });
    const phase = (given: object) => playground.engine.runPhase({ ...given, phase: "1.1_fill" }, {});
    const query = "insert into notes select generate_series(1, 2)";
    expect(await phase({ query, dryRun: true })).toMatchObject({ status: "failed" });
    expect(await phase({ query })).toMatchObject({ status: "failed", failure: { code: "spec_not_met" } });
    expect(await playground.sql`select * from notes`).toEqual([]);
    await writeSpec(playground, { checks: [{ row_count: { query: "select * from notes", eq: 2 } }] });
    expect(await phase({})).toMatchObject({ status: "completed", verified: { passed: 1 } });
    const batched = {
      phase: "1.2_batches",
      query: "update notes set id = id where id between :from and :to",
      key: "public.notes.id",
    };
    expect(await playground.engine.runPhase({ ...batched, dryRun: true }, {})).toMatchObject({
      warnings: [expect.stringContaining("each batch is committed by itself")],
    });
  });

  it("stands in the embedded database, too", async () => {
    const project = await createProject({
      settings: { api: { url: "https://abcdefghijklmnopqrst.supabase.co", anonKey: "sb_publishable_of_it" } },
      files: {
        [`supabase/migrations/${first}`]: "create table notes (id int);",
        "godwit.verify.yaml": "checks:\n  - cannot: { role: anon, op: insert, table: notes }\n",
      },
    });
    try {
      const call = () => project.engine.applyMigration({}, {});
      expect((await call()).failure).toMatchObject({ code: "spec_not_met" });
      await project.write({
        [`supabase/migrations/${first}`]: "create table notes (id int);\nrevoke all on notes from anon;",
      });
      expect(await call()).toMatchObject({ status: "applied", verified: { passed: 1 } });
      const [finding] = (await project.engine.verifySchema({}, {})).findings ?? [];
      expect(finding?.message).toContain("the embedded database has no API");
    } finally {
      await project.remove();
    }
  });
});
