import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { afterEach, describe, expect, test } from "vitest";
import { createProject, type TestProject } from "../support/project.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";
import { findCli, runCli, type CliAnswer } from "./supabase-cli.ts";
import { filesOnlyGodwitCanRun, trickyFiles } from "./tricky-files.ts";

const cli = findCli();
const folder = "supabase/migrations";
const config = { "supabase/config.toml": 'project_id = "interop"\n' };
const versions = Object.keys(trickyFiles).map((fileName) => fileName.slice(0, 14));

interface Meeting {
  readonly database: TestDatabase;
  readonly project: TestProject;
  readonly cli: (...args: readonly string[]) => Promise<CliAnswer>;
  /** The recorded statements by version. */
  readonly recorded: () => Promise<Readonly<Record<string, readonly string[] | null>>>;
}

describe.skipIf(cli === undefined)("the Supabase CLI 3.1.0 beside Godwit", { timeout: 180_000 }, () => {
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function meet(options: {
    readonly database: TestDatabase;
    readonly files: Readonly<Record<string, string>>;
  }): Promise<Meeting> {
    const { database } = options;
    const project = await createProject({
      url: database.url,
      files: { ...config, ...inFolder(options.files) },
    });
    closing.push(project.remove);
    return {
      database,
      project,
      cli: (...args) => runCli(cli ?? "", project.dir, [...args, `--remote=${database.url}`]),
      recorded: () => readRecorded(database),
    };
  }

  async function newDatabase(setup?: string): Promise<TestDatabase> {
    const database = await createSupabaseDatabase();
    closing.push(database.drop);
    await withClient(database, async (client) => {
      await client.unsafe("drop schema if exists supabase_migrations cascade");
      if (setup !== undefined) await client.unsafe(setup);
    });
    return database;
  }

  test("sees everything that Godwit applied as applied and has nothing to push", async () => {
    const files = { ...trickyFiles, ...filesOnlyGodwitCanRun };
    const meeting = await meet({ database: await newDatabase(), files });
    await applyAll(meeting);
    await meeting.project.engine.applyMigration(
      { name: "add phone", query: "alter table public.companies add column phone text" },
      {},
    );

    const pairs = await listPairs(meeting);
    expect(pairs).toHaveLength(Object.keys(files).length + 1);
    expect(pairs.filter(({ local, remote }) => local !== remote)).toEqual([]);
    const push = await meeting.cli("db", "push", "--yes");
    expect(push).toMatchObject({ code: 0 });
    expect(push.stdout + push.stderr).toContain("up to date");
  });

  test("records for the same files what Godwit records, element by element", async () => {
    const byGodwit = await meet({ database: await newDatabase(), files: trickyFiles });
    const byCli = await meet({ database: await newDatabase(), files: trickyFiles });
    await applyAll(byGodwit);
    expect(await byCli.cli("db", "push", "--yes")).toMatchObject({ code: 0 });

    expect(await byCli.recorded()).toEqual(await byGodwit.recorded());
    await expectAllApplied(byCli, versions);
  });

  test("takes turns with Godwit in a hosted project's table, and Godwit reads it after the CLI wrote all of it anew", async () => {
    const meeting = await meet({
      database: await newDatabase(hostedTable),
      files: firstFiles(5),
    });
    await applyAll(meeting);
    await meeting.project.write(inFolder(trickyFiles));
    expect(await meeting.cli("db", "push", "--yes")).toMatchObject({ code: 0 });
    await expectAllApplied(meeting, versions);
    expect((await listPairs(meeting)).filter(({ local, remote }) => local !== remote)).toEqual([]);

    expect(await meeting.cli("migration", "repair", "--status", "applied", "--yes")).toMatchObject({
      code: 0,
    });
    await expectAllApplied(meeting, versions);
    await meeting.project.write(
      inFolder({ "20260101000020_after.sql": "create table public.after (id int);\n" }),
    );
    await applyAll(meeting);
    await expectAllApplied(meeting, [...versions, "20260101000020"]);
  });

  test("agrees with Godwit on what repair took back and recorded again", async () => {
    const meeting = await meet({ database: await newDatabase(), files: firstFiles(4) });
    await applyAll(meeting);
    const last = versions[3] ?? "";
    const repair = (status: string) => meeting.cli("migration", "repair", "--status", status, last, "--yes");

    expect(await repair("reverted")).toMatchObject({ code: 0 });
    const list = await meeting.project.engine.listMigrations({ limit: "all" }, {});
    expect(list.migrations.at(-1)).toMatchObject({ version: last, state: "pending" });

    expect(await repair("applied")).toMatchObject({ code: 0 });
    await expectAllApplied(meeting, versions.slice(0, 4));
  });

  test("takes what Godwit rolled back for pending, and pushes it again", async () => {
    const files = {
      "20260101000000_notes.sql": "create table public.notes (id int primary key);",
      "20260102000000_stars.sql": "alter table public.notes add column stars int;",
    };
    const meeting = await meet({ database: await newDatabase(), files });
    const engine = meeting.project.anotherEngine({ rollbackWindowHours: 48 });
    expect(await engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
    expect(await engine.rollbackMigration({}, {})).toMatchObject({ status: "rolled_back" });
    expect(await listPairs(meeting)).toMatchObject([
      { local: "20260101000000", remote: "20260101000000" },
      { local: "20260102000000", remote: "" },
    ]);

    expect(await meeting.cli("db", "push", "--yes")).toMatchObject({ code: 0 });
    expect(Object.keys(await meeting.recorded())).toEqual(["20260101000000_notes", "20260102000000_stars"]);
    await expectAllApplied(meeting, ["20260101000000", "20260102000000"]);
    // What the CLI has applied has no way back of Godwit's.
    await expect(engine.rollbackMigration({}, {})).rejects.toMatchObject({ code: "no_way_back" });
  });

  test("fetches files from Godwit's history that Godwit does not take for edited ones", async () => {
    const database = await newDatabase();
    await applyAll(await meet({ database, files: trickyFiles }));
    const elsewhere = await meet({ database, files: {} });

    expect(await elsewhere.cli("migration", "fetch", "--yes")).toMatchObject({ code: 0 });
    const fetched = path.join(elsewhere.project.dir, folder, Object.keys(trickyFiles)[0] ?? "");
    expect(await readFile(fetched, "utf8")).not.toBe(Object.values(trickyFiles)[0]);
    await expectAllApplied(elsewhere, versions);
    await writeFile(fetched, "select 'something else';\n");
    const drift = await elsewhere.project.engine.detectDrift({ schema: false }, {});
    expect(drift.drift.map(({ kind }) => kind)).toEqual(["edited"]);
  });
});

const hostedTable = `
  create schema supabase_migrations;
  create table supabase_migrations.schema_migrations (
    version text not null primary key,
    statements text[],
    name text,
    created_by text,
    idempotency_key text unique,
    rollback text[]
  )`;

function inFolder(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, sql]) => [`${folder}/${name}`, sql]));
}

function firstFiles(count: number): Record<string, string> {
  return Object.fromEntries(Object.entries(trickyFiles).slice(0, count));
}

async function applyAll({ project }: Meeting): Promise<void> {
  const report = await project.engine.applyMigration({}, {});
  expect(report.failure).toBeUndefined();
  expect(report.status).toBe("applied");
}

async function listPairs(meeting: Meeting): Promise<readonly { local: string; remote: string }[]> {
  const answer = await meeting.cli("migration", "list", "--output-format", "json");
  expect(answer).toMatchObject({ code: 0 });
  return JSON.parse(answer.stdout).migrations;
}

/** Godwit lists exactly these versions, all applied with content that is known to be equal, and finds no drift. */
async function expectAllApplied({ project }: Meeting, expected: readonly string[]): Promise<void> {
  const list = await project.engine.listMigrations({ limit: "all" }, {});
  expect(list.migrations.map(({ version, state, note }) => [version, state, note])).toEqual(
    expected.map((version) => [version, "applied", undefined]),
  );
  expect((await project.engine.detectDrift({ schema: false }, {})).drift).toEqual([]);
}

function readRecorded(database: TestDatabase): Promise<Record<string, readonly string[] | null>> {
  return withClient(database, async (client) => {
    const rows = await client<{ version: string; name: string; statements: string[] | null }[]>`
      select version, name, statements from supabase_migrations.schema_migrations order by version`;
    return Object.fromEntries(
      rows.map(({ version, name, statements }) => [`${version}_${name}`, statements]),
    );
  });
}

async function withClient<T>(database: TestDatabase, use: (client: postgres.Sql) => Promise<T>): Promise<T> {
  const client = postgres(database.url, { max: 1, onnotice: () => undefined });
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
