import { cp } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createProject, type TestProject } from "../support/project.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";
import { expectAgreement, makeBaselineOf } from "./after-baseline.ts";
import { findCli, runCli } from "./supabase-cli.ts";

const cli = findCli();
const example = path.join(import.meta.dirname, "../../examples/crm");

describe.skipIf(cli === undefined)("the Supabase CLI 3.1.0 after a baseline", { timeout: 300_000 }, () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function newDatabase(): Promise<TestDatabase> {
    const database = await createSupabaseDatabase();
    closing.push(database.drop);
    return database;
  }

  async function openProject(url: string): Promise<TestProject> {
    const project = await createProject({
      url,
      files: { "supabase/config.toml": 'project_id = "interop"\n' },
    });
    closing.push(project.remove);
    return project;
  }

  test("agrees where 65 migrations were applied and 8 files were left, and pushes the baseline to an empty project", async () => {
    const database = await newDatabase();
    const makers = await openProject(database.url);
    await cp(path.join(example, "database/migrations"), path.join(makers.dir, "supabase/migrations"), {
      recursive: true,
    });
    expect(await makers.engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
    const project = await openProject(database.url);
    const folder = path.join(project.dir, "supabase/migrations");
    await cp(path.join(example, "supabase/migrations"), folder, { recursive: true });

    await makeBaselineOf(project);
    expect(await project.engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
    await expectAgreement(cli ?? "", project, database);

    const empty = await newDatabase();
    const push = await runCli(cli ?? "", project.dir, ["db", "push", "--yes", `--remote=${empty.url}`]);
    expect(push).toMatchObject({ code: 0 });
    const compared = await project.engine.compareDatabases(
      { against: { url: empty.url } },
      { answerSize: "whole" },
    );
    expect(compared.drift).toEqual([]);
  });
});
