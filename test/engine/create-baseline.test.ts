import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CreateBaselineReport } from "../../src/engine/index.ts";
import { forgotten } from "../baseline/forgotten.ts";
import { folder, inFolder, meet, meetApplied, whole, type Meeting } from "../baseline/meeting.ts";
import { codeOf } from "./playground.ts";

const role = "baseline_reader";

describe("a baseline of a project with everything that dumps forget", () => {
  let meeting: Meeting;
  let planned: CreateBaselineReport;
  let rowsBefore: readonly unknown[];

  beforeAll(async () => {
    meeting = await meetApplied();
    await meeting.project.write(
      inFolder({
        "20250101000000_forgotten.sql": "create table public.forgotten (id int);\n",
        "20260104000000_pending.sql": "alter table public.later add column note text;\n",
      }),
    );
    await meeting.sql`create index by_hand on public.notes (body)`;
    await meeting.sql
      .unsafe(
        `create role ${role} nologin; create role ${role}_team nologin; grant ${role}_team to ${role};
        grant select on public.notes to ${role}, ${role}_team;
        create subscription ${role}_far connection 'host=nowhere password=${"k".repeat(40)}' publication p
          with (connect = false, slot_name = none)`,
      )
      .simple();
    const call = `select net.http_post('x', 'Bearer ${"k".repeat(40)}')`;
    await meeting.sql`select cron.schedule('call', '* * * * *', ${call})`;
    rowsBefore = await meeting.entries();
    planned = await meeting.project.engine.createBaseline({}, whole);
  });

  afterAll(async () => {
    await meeting.sql
      .unsafe(
        `drop subscription if exists ${role}_far; drop owned by ${role}, ${role}_team; drop role ${role}, ${role}_team`,
      )
      .simple();
    await meeting.close();
  });

  it("is planned and proved with nothing changed", async () => {
    expect(planned).toMatchObject({
      status: "planned",
      proved: true,
      version: "20260103000000",
      replaces: { entries: 3, never_applied: ["20250101000000_forgotten.sql"] },
    });
    // What every sequence has by itself is no reading matter.
    expect(planned.sql).toContain('"id" bigint generated always as identity not null');
    expect(await meeting.entries()).toEqual(rowsBefore);
    expect((await meeting.files()).filter((name) => name.includes("/"))).toEqual([]);
  });

  it("says what it takes over from the live schema, what it archives without having run it, and what it leaves out", () => {
    const warnings = planned.warnings?.join("\n");
    for (const word of ["by_hand", "20250101000000_forgotten.sql", "call", `${role}_far`])
      expect(warnings).toContain(word);
    expect(planned.sql).toContain("by_hand");
    expect(JSON.stringify(planned)).not.toContain("kkkkkkkk");
  });

  it("is refused where another plan was confirmed", async () => {
    const confirm = "0".repeat(64);
    expect(await codeOf(meeting.project.engine.createBaseline({ confirm }, {}))).toBe("plan_is_stale");
  });

  it("takes the place of files and rows and keeps both", async () => {
    const { plan_id: confirm = "" } = planned;
    const done = await meeting.project.engine.createBaseline({ confirm }, whole);
    expect(done).toMatchObject({ status: "done", file: `${folder}/20260103000000_baseline.sql` });
    expect(await meeting.files()).toEqual([
      "20260103000000_baseline.sql",
      "20260104000000_pending.sql",
      "archive",
      "archive/20250101000000_forgotten.sql",
      "archive/20260101000000_notes.sql",
      "archive/20260102000000_access.sql",
      "archive/20260103000000_set_up.sql",
      "archive/RECONCILIATION_SUMMARY.md",
      "archive/manifest.json",
    ]);
    expect((await meeting.entries()).map(({ version, name }) => [version, name])).toEqual([
      ["20260103000000", "baseline"],
    ]);
    const kept = await meeting.sql`
      select old_row from supabase_migrations.migration_history_archive order by version`;
    expect(kept.map((row) => row["old_row"])).toEqual(rowsBefore);
    const [run] = await meeting.sql`
      select rollback_sql, status from supabase_migrations.migration_history
      where version = '20260103000000' and kind = 'migration' order by id desc limit 1`;
    expect(run).toEqual({ rollback_sql: null, status: "completed" });
  });

  it("leaves no drift but what holds a secret, and pending files that still apply", async () => {
    const open = await meeting.project.engine.detectDrift({ schema: true }, whole);
    expect(open.drift.map((item) => "kind" in item && item.kind)).toEqual(["subscription"]);
    await meeting.sql.unsafe(`drop subscription ${role}_far`);
    const drift = await meeting.project.engine.detectDrift({ schema: true }, whole);
    expect(drift).toMatchObject({ has_drift: false, counts: { applied: 1, pending: 1 } });
    expect(await meeting.project.engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
  });

  describe("builds an empty project from its row alone", () => {
    let fresh: Meeting;

    beforeAll(async () => {
      await meeting.sql
        .unsafe("alter table public.later drop column note; select cron.unschedule('call')")
        .simple();
      fresh = await meet();
      const [row] = await meeting.entries();
      for (const statement of toTexts(row?.["statements"])) await fresh.sql.unsafe(statement);
    });
    afterAll(() => fresh.close());

    it("equal in schema, buckets and cron jobs", async () => {
      const request = { against: { url: fresh.database.url } };
      expect((await meeting.project.engine.compareDatabases(request, whole)).drift).toEqual([]);
      expect(await setUpOf(fresh)).toEqual(await setUpOf(meeting));
    });

    it.each(forgotten)("with %s", async (_, query) => {
      const [wanted, built] = [await meeting.sql.unsafe(query), await fresh.sql.unsafe(query)];
      expect([...wanted].length).toBeGreaterThan(0);
      expect([...built]).toEqual([...wanted]);
    });
  });
});

describe("a baseline that does not lead to the live schema", () => {
  it("is not proved: the answer names the difference, has no plan, and nothing is changed", async () => {
    const meeting = await meet({
      "20260102000000_baseline.sql": `-- Migration: baseline\n-- Context: baseline made by Godwit from the live schema\n\ncreate table public.a (id int);\n`,
    });
    try {
      await meeting.sql
        .unsafe(
          `create table public.a (id int, by_hand int);
          create schema if not exists supabase_migrations;
          create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
          insert into supabase_migrations.schema_migrations (version, name) values ('20260101000000', 'a'), ('20260102000000', 'b');`,
        )
        .simple();
      const before = [await meeting.entries(), await meeting.files()];
      const { engine } = meeting.project;
      const refused = await engine.createBaseline({ from: "baseline" }, whole);
      expect(refused).toMatchObject({ status: "not_proved", proved: false });
      expect(refused.plan_id).toBeUndefined();
      expect(JSON.stringify(refused.differences)).toContain("by_hand");
      expect([await meeting.entries(), await meeting.files()]).toEqual(before);
    } finally {
      await meeting.close();
    }
  });
});

function toTexts(statements: unknown): readonly string[] {
  return Array.isArray(statements) ? statements.map(String) : [];
}

async function setUpOf({ sql }: Meeting): Promise<readonly (readonly unknown[])[]> {
  return [
    Array.from(await sql`select id, name, public, file_size_limit, allowed_mime_types from storage.buckets`),
    Array.from(await sql`select jobname, schedule, command, active from cron.job`),
  ];
}

describe("a baseline is refused", () => {
  it("where nothing is applied, and by a server that is read-only", async () => {
    const meeting = await meet({ "20260101000000_a.sql": "create table public.a (id int);\n" });
    try {
      const { engine } = meeting.project;
      expect(await codeOf(engine.createBaseline({}, {}))).toBe("not_applicable");
      expect(await codeOf(engine.createBaseline({ from: "baseline" }, {}))).toBe("not_applicable");
      const reader = meeting.project.anotherEngine({ readOnly: true });
      expect(await codeOf(Promise.resolve().then(() => reader.createBaseline({}, {})))).toBe("read_only");
    } finally {
      await meeting.close();
    }
  });

  it("where a migration was begun and not finished", async () => {
    const meeting = await meet({
      "20260104000000_index.sql":
        "create table public.a (id int);\ncreate index concurrently one on public.a (id);\ncreate index concurrently two on public.nothing (id);\n",
    });
    try {
      const { engine } = meeting.project;
      expect(await engine.applyMigration({}, {})).toMatchObject({ status: "failed" });
      expect(await codeOf(engine.createBaseline({}, {}))).toBe("not_applicable");
    } finally {
      await meeting.close();
    }
  });
});
