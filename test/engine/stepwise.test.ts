import { describe, expect, test } from "vitest";
import { createProject } from "../support/project.ts";
import { createPlayground, inFolder, type Playground } from "./playground.ts";

const version = "20260101000000";
const fileName = `${version}_steps.sql`;

async function stateOf(play: Playground): Promise<unknown> {
  const { migrations } = await play.engine.listMigrations({}, {});
  return migrations.map((row) => row.state);
}

describe.each([15, 17, 18] as const)(
  "statements that cannot run in a transaction, on PostgreSQL %i",
  (major) => {
    test("run as steps of their own between transactions, and one entry is recorded", async () => {
      const play = await createPlayground({
        major,
        files: {
          [fileName]: `
          create table a (id int, part int);
          insert into a select g, g % 2 from generate_series(1, 100) g;
          create index concurrently a_id on a (id);
          vacuum (analyze) a;
          update a set part = 2 where id <= 10;
          reindex index concurrently a_id;
          create table p (id int) partition by range (id);
          create table p1 partition of p for values from (0) to (10);
          alter table p detach partition p1 concurrently;
          drop index concurrently a_id;
          create unique index concurrently if not exists a_unique on a (id);`,
        },
      });
      const report = await play.apply();
      expect(report).toMatchObject({
        status: "applied",
        migrations: [{ statements: 11, rows_affected: 110 }],
      });
      expect(await play.relations()).toEqual(["a", "a_unique", "p", "p1"]);
      expect(await play.entries()).toMatchObject([{ version, name: "steps" }]);
      expect((await play.entries())[0]?.statements).toHaveLength(11);
      expect(await play.runs()).toMatchObject([{ status: "completed", version }]);
      expect(await stateOf(play)).toEqual(["applied"]);
      expect((await play.apply()).status).toBe("nothing_to_apply");
    });
  },
);

describe("a file of several steps", () => {
  const failing =
    "create table a (id int);\ninsert into a values (1);\nvacuum a;\nselect 1 / 0;\nvacuum a;\n";

  test("that fails in the middle keeps what it did, and goes on after the rest was corrected", async () => {
    const play = await createPlayground({ files: { [fileName]: failing } });
    const report = await play.apply();
    expect(report).toMatchObject({
      status: "failed",
      migrations: [{ outcome: "incomplete" }],
      failure: { sqlstate: "22012", statement: 4, line: 4, column: 1 },
    });
    expect(await play.entries()).toEqual([]);
    expect(await play.runs()).toMatchObject([{ status: "error" }]);
    expect(await stateOf(play)).toEqual(["incomplete"]);

    await play.write({ [fileName]: failing.replace("1 / 0", "1 / 1") });
    expect(await play.apply()).toMatchObject({ status: "applied", migrations: [{ version }] });
    expect(await play.sql`select id from a`).toHaveLength(1);
    expect(await stateOf(play)).toEqual(["applied"]);
    expect(await play.runs()).toMatchObject([{ status: "completed", error_message: null }]);
  });

  test("is refused where a statement that has run was changed", async () => {
    const play = await createPlayground({ files: { [fileName]: failing } });
    await play.apply();
    await play.write({ [fileName]: failing.replace("(id int)", "(id bigint)").replace("1 / 0", "1 / 1") });
    const report = await play.apply();
    expect(report).toMatchObject({ status: "failed", failure: { code: "not_applicable" } });
    expect(report.failure?.message).toContain("statement 1");
    expect(await play.entries()).toEqual([]);
  });

  test.each([
    [
      "the statement that failed is no longer one that runs alone",
      "create table a (id int);\ninsert into a values (1);\ncreate index a_one on a (id);\n",
    ],
    ["the statement that failed is gone", "create table a (id int);\ninsert into a values (1);\n"],
  ])("runs nothing twice where %s", async (_, corrected) => {
    const text =
      "create table a (id int);\ninsert into a values (1);\ncreate index concurrently a_one on a (nope);\n";
    const play = await createPlayground({ files: { [fileName]: text } });
    expect(await play.apply()).toMatchObject({
      status: "failed",
      failure: { sqlstate: "42703", statement: 3 },
    });
    await play.write({ [fileName]: corrected });
    expect(await play.apply()).toMatchObject({ status: "applied" });
    expect(await play.sql`select id from a`).toHaveLength(1);
    expect(await stateOf(play)).toEqual(["applied"]);
  });

  test("carries role and settings from step to step, and writes its rows as itself", async () => {
    const role = `step_${Math.random().toString(36).slice(2)}`;
    const play = await createPlayground({
      before: `create role ${role}; create schema other authorization ${role};`,
      files: {
        [fileName]: `
          set role ${role};
          set search_path = other;
          create table a (id int);
          create index concurrently a_id on a (id);
          vacuum a;
          create table b (id int);`,
      },
    });
    expect(await play.apply()).toMatchObject({ status: "applied" });
    const rows = await play.sql`
      select relname, relowner::regrole::text as owner from pg_class where relnamespace = 'other'::regnamespace order by 1`;
    expect(Array.from(rows)).toEqual(["a", "a_id", "b"].map((relname) => ({ relname, owner: role })));
    await play.sql.unsafe(`drop owned by ${role} cascade; drop role ${role}`).simple();
  });

  test("is rehearsed only as far as it can be, and the answer says so", async () => {
    const play = await createPlayground({ files: { [fileName]: failing } });
    const report = await play.apply({ dryRun: true });
    expect(report.migrations.map((row) => row.outcome)).toEqual(["not_run"]);
    expect(report.warnings?.join(" ")).toContain(fileName);
    expect(await play.relations()).toEqual([]);
  });

  test("is not applied through a transaction pooler, and nothing of it runs", async () => {
    const play = await createPlayground({
      files: { [fileName]: failing },
      engineUrl: (url) => `${url}&pool_mode=transaction`,
    });
    expect(await play.apply()).toMatchObject({ status: "failed", failure: { code: "needs_session" } });
    expect(await play.relations()).toEqual([]);
    await play.write({ [fileName]: "create table plain (id int);" });
    expect(await play.apply()).toMatchObject({ status: "applied" });
  });

  test("runs in the embedded database too", async () => {
    const text =
      "create table a (id int);\ninsert into a values (1);\ncreate index concurrently a_id on a (id);\nvacuum a;\nset search_path = '';\nselect count(*) from public.a;\n";
    const project = await createProject({ files: inFolder({ [fileName]: text }) });
    try {
      expect(await project.engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
      expect((await project.engine.listMigrations({}, {})).counts).toEqual({ applied: 1 });
    } finally {
      await project.remove();
    }
  });

  test("given as SQL and failed half-way is corrected by its version", async () => {
    const play = await createPlayground();
    const report = await play.apply({ name: "steps", query: failing });
    expect(report.migrations).toMatchObject([{ outcome: "incomplete" }]);
    const own = report.migrations[0]?.version ?? "";
    const changed = { name: "steps", version: own, query: failing.replace("(id int)", "(id bigint)") };
    const refused = await play.apply(changed).then(
      ({ failure }) => failure?.code,
      (error: { code?: string }) => error.code,
    );
    expect(refused).toBe("not_applicable");
    const corrected = { name: "steps", version: own, query: failing.replace("1 / 0", "1 / 1") };
    expect(await play.apply(corrected)).toMatchObject({ status: "applied", migrations: [{ version: own }] });
    expect(await play.sql`select id from a`).toHaveLength(1);
  });
});
