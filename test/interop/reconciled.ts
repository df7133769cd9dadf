import { cp, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { expect, onTestFinished } from "vitest";
import type { ReconcileHistoryRequest } from "../../src/engine/index.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { runCli, type CliAnswer } from "./supabase-cli.ts";

const scenarios = path.join(import.meta.dirname, "..", "scenarios");
const example = path.join(import.meta.dirname, "../../examples/crm");

/** A project that the Supabase CLI knows, on a database of its own. */
export interface Meeting extends TestProject {
  readonly url: string;
  readonly sql: postgres.Sql;
  readonly cli: (...args: readonly string[]) => Promise<CliAnswer>;
}

/** Such a project with the given files, after some SQL. Cleared up when the test ends. */
export async function openMeeting(
  cli: string,
  {
    files = {},
    before = "",
  }: { readonly files?: Readonly<Record<string, string>>; readonly before?: string },
): Promise<Meeting> {
  const database = await createSupabaseDatabase();
  const { url } = database;
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`drop schema if exists supabase_migrations cascade; ${before}`).simple();
  const inFolder = Object.entries(files).map(([name, text]) => [`supabase/migrations/${name}`, text]);
  const project = await createProject({
    url,
    files: { "supabase/config.toml": 'project_id = "interop"\n', ...Object.fromEntries(inFolder) },
  });
  onTestFinished(async () => {
    await project.remove();
    await sql.end({ timeout: 1 });
    await database.drop();
  });
  return {
    ...project,
    url,
    sql,
    cli: (...args) => runCli(cli, project.dir, [...args, `--remote=${url}`]),
  };
}

/** A scenario's folder and history; its recorded SQL has run where that can be. */
export async function openScenario(
  cli: string,
  name: string,
  recorded: "executed" | "not executed",
): Promise<Meeting> {
  const folder = path.join(scenarios, name, "folder");
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((file) => readFile(path.join(folder, file), "utf8")));
  const meeting = await openMeeting(cli, {
    files: Object.fromEntries(names.map((file, index) => [file, texts[index] ?? ""])),
    before: await readFile(path.join(scenarios, name, "history.sql"), "utf8"),
  });
  if (recorded === "not executed") return meeting;
  const rows = await meeting.sql<{ statements: string[] }[]>`
    select statements from supabase_migrations.schema_migrations order by version`;
  for (const { statements } of rows)
    for (const statement of statements) await meeting.sql.unsafe(statement).simple();
  return meeting;
}

/** The founding example: 65 migrations that somebody applied, and the 8 files that were left. */
export async function openExample(cli: string): Promise<Meeting> {
  const meeting = await openMeeting(cli, {});
  const makers = await createProject({ url: meeting.url, files: { "supabase/config.toml": "" } });
  onTestFinished(makers.remove);
  const folder = "supabase/migrations";
  await cp(path.join(example, "database/migrations"), path.join(makers.dir, folder), { recursive: true });
  expect(await makers.engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
  await cp(path.join(example, folder), path.join(meeting.dir, folder), { recursive: true });
  return meeting;
}

/** Plans and carries out each call, the one on what the other left. */
export async function reconcileAll(
  { engine }: TestProject,
  calls: readonly ReconcileHistoryRequest[],
): Promise<void> {
  for (const call of calls) {
    const plan = await engine.reconcileHistory(call, {});
    const done = await engine.reconcileHistory({ ...call, confirm: plan.plan_id ?? "" }, {});
    expect(done.status).toBe("carried_out");
  }
}

/** The CLI lists as unmatched only so many files, pushes them, and then lists all as matched and has nothing to push. */
export async function expectCliAgrees({ cli }: Meeting, pendingCount: number): Promise<void> {
  const unmatched = (await listPairs(cli)).filter(({ local, remote }) => local !== remote);
  expect(unmatched.filter(({ remote }) => remote !== "")).toEqual([]);
  expect(unmatched).toHaveLength(pendingCount);
  if (pendingCount > 0) {
    const push = await cli("db", "push", "--yes");
    expect(push, push.stdout + push.stderr).toMatchObject({ code: 0 });
  }
  const again = await cli("db", "push", "--yes");
  expect(again.stdout + again.stderr).toContain("up to date");
  expect(again.code).toBe(0);
  expect((await listPairs(cli)).filter(({ local, remote }) => local !== remote)).toEqual([]);
}

/** Files, history, content and, where it may be asked, the live schema. */
export async function expectNoDrift({ engine }: TestProject, schema: "compared" | "left out"): Promise<void> {
  const isCompared = schema === "compared";
  const drift = await engine.detectDrift({ schema: isCompared }, { answerSize: "whole" });
  expect(drift.drift).toEqual([]);
  expect(drift.findings).toEqual([]);
  expect(drift).toMatchObject({ has_drift: false });
  expect(drift.layers.includes("schema")).toBe(isCompared);
}

interface Pair {
  readonly local: string;
  readonly remote: string;
}

async function listPairs(cli: Meeting["cli"]): Promise<readonly Pair[]> {
  const list = await cli("migration", "list", "--output-format", "json");
  const { migrations }: { readonly migrations: readonly Pair[] } = JSON.parse(list.stdout);
  expect(migrations.length).toBeGreaterThan(0);
  return migrations;
}
