import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { assertions } from "../../src/engine/verify/assertions/index.ts";
import { codeOf, connect } from "../engine/playground.ts";
import { createProject, type TestProject } from "../support/project.ts";
import type { TestDatabase } from "../support/test-database.ts";
import { uses, verifiedSchema } from "./example.ts";
import { createVerifiedDatabase } from "./verified-database.ts";

const pick = (side: "holds" | "fails") =>
  Object.entries(uses).flatMap(([name, use]) => (use[side] === undefined ? [] : [{ [name]: use[side] }]));

/** Judges what holds and what does not; the lists that come out empty are as they should be. */
async function judgeUses({ engine, write }: TestProject): Promise<readonly unknown[]> {
  await write({
    "holds.json": JSON.stringify({ checks: pick("holds") }),
    "fails.json": JSON.stringify({ checks: pick("fails") }),
  });
  const held = await engine.verifySchema({ file: "holds.json" }, { answerSize: "whole" });
  const broken = await engine.verifySchema({ file: "fails.json" }, { answerSize: "whole" });
  return [
    ...held.checks.filter(({ outcome }) => outcome !== "passed"),
    ...broken.checks.filter(({ outcome, have, want }) => outcome !== "failed" || `${have}${want}` === ""),
  ];
}

describe("every assertion", () => {
  it.each([15, 18] as const)("holds and fails as it should on PostgreSQL %i", async (major) => {
    const database = await createVerifiedDatabase({ major });
    const project = await createProject({ url: database.url });
    onTestFinished(async () => {
      await project.remove();
      await database.drop();
    });
    expect(await judgeUses(project)).toEqual([]);
  });

  it("holds and fails as it should in the embedded database", async () => {
    const project = await createProject({
      files: { "supabase/migrations/20260101000000_all.sql": verifiedSchema },
    });
    onTestFinished(() => project.remove());
    expect((await project.engine.applyMigration({}, {})).failure).toBeUndefined();
    expect(await judgeUses(project)).toEqual([]);
  });
});

describe("verify_schema", () => {
  let database: TestDatabase;
  let project: TestProject;

  beforeAll(async () => {
    database = await createVerifiedDatabase();
    project = await createProject({ url: database.url });
  });

  afterAll(async () => {
    await project.remove();
    await database.drop();
  });

  const verify = async (spec: object | string, name = "godwit.verify.json") => {
    await project.write({ [name]: typeof spec === "string" ? spec : JSON.stringify(spec, null, 1) });
    return project.engine.verifySchema({ file: name }, { answerSize: "whole" });
  };
  const verdicts = async (checks: readonly object[], seed: readonly object[] = []) =>
    (await verify({ seed, checks })).checks.map(({ outcome }) => outcome);

  it("has a use of every assertion that holds, and one that does not", async () => {
    expect(Object.keys(uses).toSorted()).toEqual(Object.keys(assertions).toSorted());
    expect(await judgeUses(project)).toEqual([]);
  });

  it("tells silence from refusal, and what a constraint refuses from what a policy does", async () => {
    const me = "00000000-0000-0000-0000-000000000001";
    const other = "00000000-0000-0000-0000-000000000002";
    const mine = { role: "authenticated", claims: { sub: me }, table: "notes" };
    expect(
      await verdicts([
        { cannot: { role: "anon", op: "select", table: "open", expect: 42501 } },
        { cannot: { role: "anon", op: "select", table: "open", expect: 0 } },
        { cannot: { role: "anon", op: "insert", table: "notes", values: { owner: me }, expect: 42501 } },
        { cannot: { ...mine, op: "update", where: { owner: other }, expect: 0 } },
        { cannot: { ...mine, op: "update", where: { owner: me }, values: { owner: other }, expect: 42501 } },
        { cannot: { ...mine, op: "delete", expect: 0 } },
        { can: { ...mine, op: "update", where: { title: "one" }, values: { mood: "good" } } },
        { can: { ...mine, op: "insert", values: { owner: me, title: "one" } } },
        { can: { ...mine, op: "insert", values: { owner: other } } },
        { can: { role: "service_role", op: "select", table: "notes", expect: 3 } },
        { can: { role: "nobody", op: "select", table: "notes" } },
      ]),
    ).toEqual([
      "passed",
      "failed",
      "passed",
      "passed",
      "passed",
      "passed",
      "passed",
      "passed",
      "failed",
      "passed",
      "failed",
    ]);
  });

  it("takes silence for nothing where no row was there for anybody, until a seed puts one there", async () => {
    const check = { cannot: { role: "anon", op: "select", table: "counted", expect: 0 } };
    const sql = connect(database.url);
    await sql
      .unsafe(`create table public.counted (id int); alter table public.counted enable row level security`)
      .simple();
    await sql.end();
    expect(await verdicts([check])).toEqual(["failed"]);
    expect(await verdicts([check], [{ table: "counted", values: { id: 1 } }])).toEqual(["passed"]);
    expect(await codeOf(verify({ seed: [{ table: "counted", values: { id: "x" } }], checks: [check] }))).toBe(
      "statement_failed",
    );
  });

  it("leaves nothing behind, and runs nothing that a rollback would not take back", async () => {
    expect(
      await verdicts([
        { lives_ok: "delete from tags" },
        { row_count: { query: "select * from tags", eq: 1 } },
        { lives_ok: "commit" },
        { lives_ok: "drop table tags" },
        { lives_ok: "select 1; delete from tags" },
        { is_empty: "delete from tags returning 1" },
        { is_empty: "select public.reach()" },
        { lives_ok: "select set_config('role', 'none', true)" },
      ]),
    ).toEqual(["passed", "passed", "failed", "failed", "failed", "failed", "failed", "failed"]);
    const sql = connect(database.url);
    expect(await sql`select count(*)::int as left from public.tags`).toEqual([{ left: 1 }]);
    await sql.end();
  });

  it("goes on after a failed statement", async () => {
    expect(await verdicts([{ is_empty: "select * from nowhere" }, { has_table: "notes" }])).toEqual([
      "failed",
      "passed",
    ]);
  });

  it("skips what would have to write where the server is read-only", async () => {
    const checks = [
      { can: { role: "authenticated", op: "insert", table: "notes" } },
      { lives_ok: "delete from tags" },
      { has_table: "notes" },
      { cannot: { role: "anon", op: "select", table: "notes", expect: 0 } },
    ];
    await project.write({ "ro.json": JSON.stringify({ checks }) });
    const engine = project.anotherEngine({ readOnly: true });
    const report = await engine.verifySchema({ file: "ro.json" }, { answerSize: "whole" });
    expect(report.checks.map(({ outcome }) => outcome)).toEqual(["skipped", "skipped", "passed", "passed"]);
    expect(await codeOf(engine.verifySchema({ writeStarter: true, file: "new.yaml" }, {}))).toBe("read_only");
  });

  it("names every mistake of a spec with its line", async () => {
    const spec = `checks:\n  - has_tabel: notes\n  - col_type_is:\n      table: notes\n      colum: id\n  - has_table: notes\n    has_view: x\n`;
    await expect(verify(spec, "bad.yaml")).rejects.toMatchObject({
      code: "invalid_spec",
      message: expect.stringMatching(
        /bad\.yaml:2: "has_tabel".*bad\.yaml:4.*bad\.yaml:6: each check has one name/s,
      ),
    });
    await expect(verify("checks: [\n  - x", "bad.yaml")).rejects.toMatchObject({ code: "invalid_spec" });
    expect(await codeOf(verify("{}", "bad.yaml"))).toBe("invalid_spec");
    expect(await codeOf(verify("checks: [*nowhere]", "bad.yaml"))).toBe("invalid_spec");
    expect(await codeOf(project.engine.verifySchema({ file: "none.yaml" }, {}))).toBe("file_not_found");
    expect(await codeOf(project.engine.verifySchema({ file: "../none.yaml" }, {}))).toBe(
      "path_outside_folder",
    );
  });

  it("writes a starter of what is so, which passes at once, and never writes over a spec", async () => {
    const file = "specs/starter.yaml";
    expect((await project.engine.verifySchema({ writeStarter: true, file }, {})).summary).toMatch(
      /Wrote specs\/starter\.yaml with \d+ checks/,
    );
    const report = await project.engine.verifySchema({ file }, { answerSize: "whole" });
    expect(report.checks.filter(({ outcome }) => outcome !== "passed")).toEqual([]);
    expect(report.checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["policies_are", "rls_enabled", "can", "cannot"]),
    );
    expect(await codeOf(project.engine.verifySchema({ writeStarter: true, file }, {}))).toBe("file_exists");
  });

  it("gives agents only what did not pass, below 8 KB a page", async () => {
    const checks = Array.from({ length: 300 }, (_, i) => ({
      has_table: i % 2 === 0 ? "notes" : `missing_table_number_${i}`,
    }));
    await project.write({ "many.json": JSON.stringify({ checks }) });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await project.engine.verifySchema(
        { file: "many.json", ...(cursor === undefined ? {} : { cursor }) },
        {},
      );
      expect(JSON.stringify(page).length).toBeLessThan(8_192);
      expect(page.counts).toEqual({ passed: 150, failed: 150, skipped: 0 });
      seen.push(...page.checks.map(({ what }) => what));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(150);
  });
});
