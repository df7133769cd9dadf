import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { describe, expect, onTestFinished, test } from "vitest";
import { expectAgreement, makeBaselineOf } from "../interop/after-baseline.ts";
import { findCli } from "../interop/supabase-cli.ts";
import { createProject } from "../support/project.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";

const cli = findCli();

describe.skipIf(cli === undefined)("the Supabase CLI 3.1.0 after a baseline", () => {
  test("agrees where a baseline without SQL is put right, and the old one is kept", async () => {
    const database = await createSupabaseDatabase();
    const project = await createProject({
      url: database.url,
      files: { "supabase/config.toml": 'project_id = "b"\n' },
    });
    onTestFinished(async () => {
      await project.remove();
      await database.drop();
    });
    const hollow = "-- Baseline schema.\n-- The schema is in the database already.\n";
    await project.write({ "supabase/migrations/20250926130000_baseline_schema.sql": hollow });
    expect(await project.engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
    const client = postgres(database.url, { max: 1, onnotice: () => undefined });
    await client
      .unsafe(
        "create table public.contacts (id bigint primary key); alter table public.contacts enable row level security",
      )
      .simple();
    await client.end();

    await makeBaselineOf(project);
    const folder = path.join(project.dir, "supabase/migrations");
    expect((await readdir(folder)).toSorted()).toEqual(["20250926130000_baseline.sql", "archive"]);
    expect(await readFile(path.join(folder, "20250926130000_baseline.sql"), "utf8")).toContain("contacts");
    expect(await readFile(path.join(folder, "archive/20250926130000_baseline_schema.sql"), "utf8")).toBe(
      hollow,
    );
    await expectAgreement(cli ?? "", project, database);
  });
});
