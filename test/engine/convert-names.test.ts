import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { historyTable, useReconcileBench } from "./reconcile-bench.ts";

const openBench = useReconcileBench();
const table = historyTable;

/** A file as dbmate keeps it. */
function bothWays(up: string, down: string): string {
  return `-- migrate:up\n${up}\n\n-- migrate:down\n${down}\n`;
}

describe("converting names", () => {
  test("gives files of other schemes real versions in their order, and the rows with them", async () => {
    const bench = await openBench(
      `${table} insert into supabase_migrations.schema_migrations values
        ('1', array['select 1'], 'one'), ('2', array['select 2'], 'two');`,
      {
        "1_one.sql": "select 1;\n",
        "2_two.sql": "select 2;\n",
        "10_ten.sql": "select 10;\n",
        "V11__Eleven.sql": "select 11;\n",
        "2024-03-04-dashed.sql": "select 'd';\n",
        "12_x.down.sql": "select 'down';\n",
        "notes.sql": "select 'n';\n",
        "20240305000000_both.sql":
          "-- migrate:up\nselect 'up';\n\n-- migrate:down\ndrop table if exists t;\n",
        "20240306000000_prisma/migration.sql": "select 'p';\n",
      },
    );
    const applied = await bench.engine.applyMigration({}, {});
    expect(applied).toMatchObject({ status: "failed", failure: { code: "unsupported_sql" } });
    await bench.reconcile({ actions: ["convert_names"] });
    expect((await bench.files()).map((file) => file.replace(/^\d{14}/, "V"))).toEqual([
      "V_one.sql",
      "V_two.sql",
      "V_ten.sql",
      "V_eleven.sql",
      "V_dashed.sql",
      "V_both.sql",
      "V_prisma",
      "V_prisma.sql",
      "archive",
      "notes.sql",
    ]);
    expect(await readFile(path.join(bench.dir, "20240305000000_both.sql"), "utf8")).toBe(
      "select 'up';\n\n-- Rollback:\n--   drop table if exists t;\n",
    );
    expect(await bench.states()).toEqual({ applied: 2, pending: 5 });
    const manifest = JSON.parse(await readFile(path.join(bench.dir, "archive", "manifest.json"), "utf8"));
    expect(manifest.renames.map(({ from }: { readonly from: string }) => from)).toContain("V11__Eleven.sql");
    expect(manifest.entries).toMatchObject([
      { originalName: "12_x.down.sql" },
      { originalName: "20240305000000_both.sql" },
    ]);
  });

  test("makes a file that another tool ran one way, with its way back beside it, once that tool's record is adopted", async () => {
    const bench = await openBench(
      `create table public.a (id int);
      create table public.schema_migrations (version varchar primary key);
      insert into public.schema_migrations values ('20260101000001'), ('20260101000002');
      create index a_id on public.a (id);`,
      {
        "20260101000001_a.sql": bothWays("create table public.a (id int);", "drop table public.a;"),
        "20260101000002_index.sql": bothWays(
          "create index a_id on public.a (id);",
          "drop index public.a_id;",
        ),
      },
    );
    expect((await bench.reconcile()).counts).toEqual({ mark_applied: 2 });
    const plan = await bench.engine.reconcileHistory({ actions: ["convert_names"] }, {});
    expect(plan.counts).toEqual({ split_ways: 2 });
    expect(plan.warnings).toHaveLength(1);
    const { schema: before } = await bench.engine.detectDrift({}, {});
    expect(before?.counts).toHaveProperty("structural");
    await bench.reconcile({ actions: ["convert_names"] });
    expect(await bench.states()).toEqual({ applied: 2 });
    expect(await readFile(path.join(bench.dir, "20260101000001_a.sql"), "utf8")).toBe(
      "create table public.a (id int);\n\n-- Rollback:\n--   drop table public.a;\n",
    );
    await bench.run("drop table public.schema_migrations");
    const { schema: after } = await bench.engine.detectDrift({}, {});
    expect(after?.counts).not.toHaveProperty("structural");
  });

  test("takes numbered files for run that a table of numbers says are, before it gives them versions", async () => {
    const goose = (up: string, down: string) =>
      `-- +goose Up\n-- +goose StatementBegin\n${up}\n-- +goose StatementEnd\n\n-- +goose Down\n${down}\n`;
    const bench = await openBench(
      `create table public.a (id int);
      create table public.goose_db_version (id serial primary key, version_id bigint, is_applied boolean);
      insert into public.goose_db_version (version_id, is_applied) values (0, true), (1, true), (2, false);`,
      {
        "00001_a.sql": goose("create table public.a (id int);", "drop table public.a;"),
        "00002_b.sql": goose("create table public.b (id int);", "drop table public.b;"),
      },
    );
    const early = await bench.engine.reconcileHistory({ actions: ["convert_names"] }, {});
    expect(early.warnings?.[0]).toContain("public.goose_db_version");
    expect((await bench.reconcile()).counts).toEqual({ mark_applied: 1 });
    expect((await bench.reconcile({ actions: ["convert_names"] })).counts).toEqual({ split_ways: 2 });
    expect(await bench.states()).toEqual({ applied: 1, pending: 1 });
    const applied = await bench.engine.applyMigration({}, {});
    expect(applied, JSON.stringify(applied)).toMatchObject({ status: "applied" });
    expect(await bench.run("select to_regclass('public.b') is not null as is_there")).toEqual([
      { is_there: true },
    ]);
  });

  test.each([
    ["both ways", "'create table public.a (id int)', 'drop table public.a'"],
    ["the way there alone", "'create table public.a (id int)'"],
  ])("splits a file whose row records %s, and row, file and run agree afterwards", async (_, recorded) => {
    const bench = await openBench(
      `${table}
      alter table supabase_migrations.schema_migrations add column created_by text, add column idempotency_key text, add column rollback text[];
      insert into supabase_migrations.schema_migrations (version, statements, name) values
        ('7', array[${recorded}], 'a');`,
      { "7_a.sql": bothWays("create table public.a (id int);", "drop table public.a;") },
    );
    await bench.reconcile({ actions: ["convert_names"] });
    expect(await bench.states()).toEqual({ applied: 1 });
    expect(
      await bench.run(
        "select name, rollback[1] as rollback, version ~ '^[0-9]{14}$' as is_real, statements[1] as first, array_to_string(statements, ';') ~ '(?n)^drop' as drops from supabase_migrations.schema_migrations",
      ),
    ).toEqual([
      {
        name: "a",
        rollback: "drop table public.a;",
        is_real: true,
        first: "create table public.a (id int)",
        drops: false,
      },
    ]);
    expect(await bench.run("select old_row from supabase_migrations.migration_history_archive")).toHaveLength(
      1,
    );
  });

  test("gives no row a version that another still has, and leaves a file whose SQL was applied under a real version to it", async () => {
    const bench = await openBench(
      `${table} insert into supabase_migrations.schema_migrations values
        ('7', array['select 7'], 'seven'), ('20260101000001', array['select 1'], 'one'), ('20251231235959', array['select 0'], 'zero');`,
      {
        "7_seven.sql": "select 7;\n",
        "6_one.sql": "select 1;\n",
        "20260101000000_none.sql": "select 'n';\n",
      },
    );
    expect((await bench.reconcile({ actions: ["convert_names"] })).counts).toEqual({ convert_name: 1 });
    expect((await bench.reconcile({ truth: "database" })).counts).toEqual({
      adopt: 1,
      renumber_file: 2,
    });
    expect(await bench.states()).toEqual({ applied: 3, pending: 1 });
    expect(await bench.files()).toContain("20260101000001_one.sql");
  });

  test("leaves a file alone that was edited beyond what its row records", async () => {
    const text = bothWays("create table public.a (id bigint);", "drop table public.a;");
    const bench = await openBench(
      `${table} insert into supabase_migrations.schema_migrations values
        ('20260101000001', array['create table public.a (id int)'], 'a');`,
      { "20260101000001_a.sql": text },
    );
    const plan = await bench.engine.reconcileHistory({ actions: ["convert_names"] }, {});
    expect(plan.status).toBe("nothing_to_do");
    expect(await readFile(path.join(bench.dir, "20260101000001_a.sql"), "utf8")).toBe(text);
  });

  test.each([
    ["begins with no statement that a rollback block can begin with", "analyze public.a;"],
    ["would end the block early", "-- x\nselect '\npurpose: y';\ndrop table public.a;"],
    ["means its spaces", "select 'a  \n  b';"],
  ])("says where a way back is left to the archive because it %s", async (_, down) => {
    const bench = await openBench(table, { "20260101000001_a.sql": bothWays("select 1;", down) });
    const plan = await bench.engine.reconcileHistory({ actions: ["convert_names"] }, {});
    await bench.reconcile({ actions: ["convert_names"] });
    const text = await readFile(path.join(bench.dir, "20260101000001_a.sql"), "utf8");
    expect(text).toBe("select 1;\n\n-- Rollback: none\n");
    expect(plan.steps[0]?.why).toContain("archive");
  });
});
