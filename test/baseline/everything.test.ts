import { existsSync } from "node:fs";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CreateBaselineReport } from "../../src/engine/index.ts";
import { everyKind, makeRole } from "../database/catalog/every-kind.ts";
import { readOracle } from "../drift/catalog-oracle.ts";
import { findPgDump, readDump, type Entries } from "../drift/pg-dump.ts";
import { catalogOracleFile } from "../drift/schema-pairs.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";
import { beyond, further, roles } from "./everything.ts";

describe.each([15, 17, 18] as const)("a baseline of everything on Postgres %i", (major) => {
  let live: TestDatabase;
  let built: TestDatabase;
  let project: TestProject;
  let sql: postgres.Sql;
  let plan: CreateBaselineReport;

  beforeAll(async () => {
    [live, built] = [await createSupabaseDatabase({ major }), await createSupabaseDatabase({ major })];
    project = await createProject({ url: live.url, files: { "supabase/config.toml": "" } });
    sql = postgres(live.url, { max: 1, onnotice: () => undefined });
    const ownNamed = beyond.map(({ sql: text }) => text.replace(":name", live.name));
    const recorded = [
      "create schema if not exists supabase_migrations",
      "create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text)",
      "insert into supabase_migrations.schema_migrations values ('20260101000000', null, 'by_hand')",
    ];
    await runAll(sql, [
      ...roles.map(makeIfMissing),
      makeRole,
      ...everyKind,
      ...further,
      ...ownNamed,
      ...recorded,
    ]);
    plan = await project.engine.createBaseline({}, { answerSize: "whole" });
    const done = await project.engine.createBaseline({ confirm: plan.plan_id ?? "" }, {});
    expect(done, JSON.stringify(plan.differences ?? plan.failures)).toMatchObject({ status: "done" });
    const [row] = await sql`select statements from supabase_migrations.schema_migrations`;
    const fresh = postgres(built.url, { max: 1, onnotice: () => undefined });
    await runAll(fresh, row?.["statements"] ?? []);
    await fresh.end();
  });
  afterAll(async () => {
    // A database with one cannot be dropped.
    await sql.unsafe("drop subscription if exists every_sub");
    await sql.end();
    await project.remove();
    await live.drop();
    await built.drop();
  });

  it("is proved, and holds no secret", () => {
    expect(plan).toMatchObject({ status: "planned", proved: true });
    expect(JSON.stringify(plan)).not.toContain("p4ssw0rd");
  });

  it.each(beyond)("names what it leaves out: $word", ({ word }) => {
    expect(plan.warnings?.join("\n")).toContain(word);
  });

  it("gives an empty project in which pg_dump finds the same", async (context) => {
    const pgDump = await findPgDump(major);
    if (pgDump === undefined) return context.skip("no pg_dump of that version");
    expect(differences(await readDump(pgDump, live.url), await readDump(pgDump, built.url))).toEqual([]);
  });

  it.skipIf(!existsSync(catalogOracleFile))(
    "gives an empty project in which an independent query of the catalog finds the same",
    async () => {
      expect(differences(await readOracle(live.url), await readOracle(built.url))).toEqual([]);
    },
  );

  it("gives an empty project with the same buckets and cron jobs", async () => {
    const fresh = postgres(built.url, { max: 1, onnotice: () => undefined });
    for (const table of ["storage.buckets", "cron.job"]) {
      const query = `select to_jsonb(t) - '{created_at, updated_at, jobid, database}'::text[] as row from ${table} t`;
      expect([...(await fresh.unsafe(query))]).toEqual([...(await sql.unsafe(query))]);
    }
    await fresh.end();
  });
});

function makeIfMissing(role: string): string {
  const [name = ""] = role.split(" ");
  return `do $$ begin if not exists (select from pg_roles where rolname = '${name}') then create role ${role}; end if; end $$`;
}

async function runAll(sql: postgres.Sql, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await sql.unsafe(statement).catch((error: unknown) => {
      throw new Error(statement, { cause: error });
    });
  }
}

/**
 * Definitions that are not in both; the migrations' own schema is another matter, and so is how the server numbers what a foreign key to a
 * partitioned table makes for each partition.
 */
function differences(live: Entries, built: Entries): readonly string[] {
  return [...new Set([...live.keys(), ...built.keys()])]
    .filter(
      (key) =>
        live.get(key) !== built.get(key) &&
        !key.includes("supabase_migrations") &&
        !/(_fkey|event_of_)\d/.test(key),
    )
    .filter((key) => !beyond.some(({ entry }) => entry?.test(key)))
    .map((key) => `${key}\n  live: ${live.get(key) ?? ""}\n  built: ${built.get(key) ?? ""}`);
}
