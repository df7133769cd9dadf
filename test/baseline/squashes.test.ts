import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { splitStatements } from "../../src/engine/sql/split.ts";
import { applyHistory } from "../histories/apply-history.ts";
import { applyApproved } from "../histories/apply-approved.ts";
import { hasHistories, readHistories } from "../histories/real-histories.ts";
import { expectAgreement } from "../interop/after-baseline.ts";
import { findCli } from "../interop/supabase-cli.ts";
import { hasPostgis } from "../support/postgres-binaries.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { applyPending, follow } from "./follow-answer.ts";
import { whole } from "./meeting.ts";
import { meetSquashed, type RealSquash, type SquashedProject } from "./squash-project.ts";

const cli = findCli();
const folder = "supabase/migrations";
const takeOver = { from: "baseline" } as const;

async function meet(squash: RealSquash): Promise<SquashedProject> {
  const met = await meetSquashed(squash);
  onTestFinished(met.close);
  return met;
}

/** No layer has drift, everything is applied, the archive is as it was, and the CLI has nothing to do. */
async function expectSettled({ project, database, archived }: SquashedProject): Promise<void> {
  const drift = await project.engine.detectDrift({}, whole);
  expect(drift.drift).toEqual([]);
  expect(drift).toMatchObject({ has_drift: false, layers: ["history", "content", "schema"] });
  expect(Object.keys(drift.counts)).toEqual(["applied"]);
  const kept = await readdir(path.join(project.dir, folder), { recursive: true });
  for (const name of archived) expect(kept).toContain(name);
  if (cli !== undefined) await expectAgreement(cli, project, database);
}

async function versionsOf({ sql }: SquashedProject): Promise<readonly string[]> {
  const rows = await sql<{ version: string }[]>`
    select version from supabase_migrations.schema_migrations order by version`;
  return rows.map(({ version }) => version);
}

/** The replaced rows are in the archive table, and the file's row has its SQL. */
async function expectRows(met: SquashedProject, version: string): Promise<void> {
  const [row] = await met.sql<{ statements: string[] | null }[]>`
    select statements from supabase_migrations.schema_migrations where version = ${version}`;
  expect(row?.statements?.length).toBeGreaterThan(100);
  const gone = await met.sql<{ version: string }[]>`
    select old_row ->> 'version' as version from supabase_migrations.migration_history_archive order by 1`;
  expect(gone.map((old) => old.version)).toEqual(met.recorded);
}

const eryxon = { history: "SheetMetalConnect__eryxon-flow", archive: "archive" } as const;
const remoteSchema = "20260121175020_remote_schema.sql";
// It disables a webhook's trigger that was made in the dashboard.
const faulty = ["20260525130000_hosted_trial_limits.sql"];

describe.skipIf(!hasHistories)("a project whose 84 migrations became a dump", { timeout: 600_000 }, () => {
  it("goes from the one to the other where the database is what was dumped", async () => {
    const met = await meet({ ...eryxon, madeBy: [remoteSchema] });
    const { project, recorded } = met;
    expect(recorded).toHaveLength(82);
    expect(await project.engine.listMigrations({}, {})).toMatchObject({
      counts: { missing_file: 82, pending: 22 },
      archived: 84,
    });
    const asked = await project.engine.reconcileHistory({}, {});
    expect(await follow(project, asked, "create_baseline")).toMatchObject({ status: "done" });
    expect(await versionsOf(met)).toEqual(["20260121175020"]);
    await expectRows(met, "20260121175020");
    expect(await applyPending(project)).toEqual(faulty);
    await expectSettled(met);
  });

  it("goes there where the file behind the dump has run too, which the answer says", async () => {
    const behind = "20260127230000_post_schema_setup.sql";
    const met = await meet({ ...eryxon, madeBy: [remoteSchema, behind] });
    const refused = await met.project.engine.createBaseline(takeOver, {});
    expect(refused).toMatchObject({ status: "not_proved", difference_counts: { "policy only_in_live": 11 } });
    expect(await versionsOf(met)).toEqual(met.recorded);
    expect(await follow(met.project, refused, "ran already")).toMatchObject({ status: "carried_out" });
    expect(await versionsOf(met)).toEqual([...met.recorded, "20260127230000"]);
    const planned = await met.project.engine.createBaseline(takeOver, {});
    expect(planned).toMatchObject({ status: "planned", proved: true });
    await follow(met.project, planned, "carries out exactly this");
    expect(await versionsOf(met)).toEqual(["20260121175020", "20260127230000"]);
    expect(await applyPending(met.project)).toEqual(faulty);
    await expectSettled(met);
  });

  it("goes there from what its archive really makes, over 424 differences, by the answers alone", async () => {
    const met = await meet({ ...eryxon, madeBy: "archive" });
    const { engine, dir } = met.project;
    expect(met.mended).toHaveLength(20);
    const refused = await engine.createBaseline(takeOver, {});
    expect(refused.status).toBe("not_proved");
    expect(JSON.stringify(refused).length).toBeLessThan(8_000);
    expect(await follow(met.project, refused, `${remoteSchema} is right`)).toMatchObject({
      status: "carried_out",
    });
    await expectRows(met, "20260121175020");
    const drift = await engine.detectDrift({}, {});
    expect(drift.drift_total).toBeGreaterThan(400);
    const renames = drift.schema?.rename_candidates?.map(({ if_not: not }) => not) ?? [];
    const draft = await engine.createMigration(
      { name: "undo_drift", fromDrift: "live_to_files", renames },
      {},
    );
    expect(draft.script?.proved).toBe(true);
    const [, first = ""] = /rename it to (\S+)/.exec(draft.next_steps?.join("\n") ?? "") ?? [];
    await rename(path.join(dir, draft.file), path.join(dir, folder, first));
    expect(await applyApproved(engine, { file: first })).toMatchObject({ status: "applied" });
    expect(await applyPending(met.project)).toEqual(faulty);
    await expectSettled(met);
  });
});

const syria = { history: "PluraGate__SyriaHub", archive: "_archive", madeBy: "archive" } as const;
const concatenated = "00000000000000_baseline.sql";

describe.skipIf(!hasHistories || !hasPostgis)(
  "a project whose 179 migrations became one file, on a server with PostGIS",
  { timeout: 900_000 },
  () => {
    it("keeps its squash once what the answers name is corrected in it: 17 statements and a comment", async () => {
      const met = await meet({ ...syria, server: "15 with PostGIS" });
      const { engine, dir } = met.project;
      const file = path.join(dir, folder, concatenated);
      expect(met.recorded).toHaveLength(180);
      const asked = await engine.reconcileHistory({}, {});
      expect(asked.next_steps?.join("\n")).toContain(
        `Where ${concatenated} stands for the 179 recorded migrations`,
      );
      await engine.reconcileHistory({ confirm: asked.plan_id ?? "" }, {});
      const refused = await engine.createBaseline(takeOver, {});
      expect(refused).toMatchObject({ status: "not_proved", difference_counts: { "comment differs": 1 } });
      expect(refused.failures).toHaveLength(17);
      expect(await versionsOf(met)).toEqual(met.recorded);
      await correct(file, refused.failures ?? []);
      // Put together as if it were Latin-1: what the live schema has is what its author wrote.
      expect(refused.differences).toMatchObject([{ object: expect.stringContaining("get_user_stats") }]);
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replaceAll(/comment on function \S*get_user_stats[^;]*;/gi, unmix));
      const planned = await engine.createBaseline(takeOver, {});
      expect(planned).toMatchObject({ status: "planned", proved: true });
      await follow(met.project, planned, "carries out exactly this");
      await expectRows(met, "00000000000000");
      expect(await applyPending(met.project)).toEqual([]);
      await expectSettled(met);
    });

    it("or goes to a baseline of its live schema, which takes the squash's place", async () => {
      const met = await meet({ ...syria, server: "15 with PostGIS" });
      const { engine } = met.project;
      const refused = await engine.createBaseline(takeOver, {});
      expect(await follow(met.project, refused, "live schema is right")).toMatchObject({ status: "done" });
      expect(await versionsOf(met)).toEqual(["20260119000000"]);
      await expectRows(met, "20260119000000");
      const plan = await engine.reconcileHistory({}, {});
      expect(plan.counts).toEqual({ renumber_file: 1 });
      await engine.reconcileHistory({ confirm: plan.plan_id ?? "" }, {});
      expect(await applyPending(met.project)).toEqual([]);
      await expectSettled(met);
    });

    it("is told that the built-in database has no PostGIS, and what to do about it", async () => {
      const met = await meet({ ...syria, server: "15 with PostGIS", shadow: "embedded" });
      for (const request of [{}, takeOver]) {
        const refused = await met.project.engine.createBaseline(request, {});
        expect(refused.summary).toContain("has no extension postgis");
        expect(refused.next_steps?.[0]).toMatch(/--shadow-url .* that has postgis/);
      }
      const { next_steps: steps } = await met.project.engine.detectDrift({}, {});
      expect(steps?.join("\n")).toContain("--shadow-url");
    });
  },
);

/** A text whose UTF-8 was taken for Windows-1252, as far as these characters go. */
function unmix(text: string): string {
  return text.replaceAll("\u00c3\u2014", "\u00d7");
}

/** Takes out the statements at these lines, as a person does who reads why they do not run. */
async function correct(file: string, failures: readonly { readonly line: number }[]): Promise<void> {
  const text = await readFile(file, "utf8");
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const wrong = splitStatements(text).filter(({ start, text: own }) => {
    const [first, last] = [lineAt(start), lineAt(start + own.length)];
    return failures.some(({ line }) => first <= line && line <= last);
  });
  expect(wrong).toHaveLength(failures.length);
  const corrected = wrong.reduceRight(
    (left, { start, text: own }) => left.slice(0, start) + left.slice(start + own.length),
    text,
  );
  await writeFile(file, corrected);
}

describe.skipIf(!hasHistories)("what is no squash", { timeout: 600_000 }, () => {
  it("a baseline of comments is refused with that reason, and a real one takes its place", async () => {
    const met = await meet({
      history: "krwhynot__crispy-crm--founding-2025-09-26",
      archive: "archive",
      madeBy: "archive",
    });
    const hollow = "20250926130000_baseline_schema.sql";
    const refused = await met.project.engine.createBaseline(takeOver, {});
    expect(refused).toMatchObject({ status: "not_proved", statements: 0 });
    expect(refused.summary).toContain("holds no statement");
    await follow(met.project, refused, "live schema is right");
    const planned = await met.project.engine.createBaseline({}, {});
    expect(await follow(met.project, planned, "carries out exactly this")).toMatchObject({ status: "done" });
    expect(await versionsOf(met)).toEqual([met.recorded.at(-1)]);
    expect(await readdir(path.join(met.project.dir, folder, "archive"))).toContain(hollow);
    await expectSettled(met);
  });

  it("an archive of files that never were migrations stands for nothing: the folder goes on as it is", async () => {
    const history = readHistories().find(({ name }) => name === "andrew-quintana__insurance_navigator");
    if (history === undefined) throw new Error("The history is absent.");
    const database = await createSupabaseDatabase();
    const { project } = await applyHistory(history, { url: database.url });
    onTestFinished(async () => {
      await project.remove();
      await database.drop();
    });
    await expect(project.engine.createBaseline(takeOver, {})).rejects.toMatchObject({
      code: "not_applicable",
    });
    const asked = await project.engine.reconcileHistory({}, {});
    expect(JSON.stringify(asked)).not.toContain("create_baseline");
    expect(await project.engine.detectDrift({}, {})).toMatchObject({ has_drift: false });
  });
});
