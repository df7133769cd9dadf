import { describe, expect, test } from "vitest";
import { createProject } from "../support/project.ts";
import { connect, createPlayground, inFolder } from "./playground.ts";

const fileName = "20260101000000_change.sql";

const world = `
  create table parent (id int primary key, a int, b varchar(20));
  insert into parent select g, g, g from generate_series(1, 20) g;
  create table child (id serial primary key, parent int references parent on delete cascade);
  insert into child (parent) select id from parent;
  create table audit (parent int);
  create function note() returns trigger language plpgsql as $$ begin insert into audit values (old.id); return null; end $$;
  create trigger note after delete on parent for each row execute function note();`;

describe("a rehearsal", () => {
  test("measures rows, locks, rewrites and scans of each statement, and leaves nothing behind", async () => {
    const sql = [
      "delete from parent where id <= 5;",
      "alter table parent add constraint positive check (a > 0);",
      "alter table parent alter column a type bigint;",
      "truncate child;",
      "drop table child;",
      "drop table audit;",
    ].join("\n");
    const play = await createPlayground({ before: world, files: { [fileName]: sql } });
    const { rehearsal, migrations } = await play.apply({ dryRun: true });
    expect(migrations).toMatchObject([{ outcome: "rehearsed", rows_affected: 5 + 5 + 5 + 15 + 5 }]);
    expect(rehearsal?.rows).toEqual([
      { table: "public.child", deleted: 5, destroyed: 15 },
      { table: "public.audit", inserted: 5, destroyed: 5 },
      { table: "public.parent", deleted: 5 },
    ]);
    const byLine = new Map(rehearsal?.statements?.map((each) => [each.line, each]));
    expect(byLine.get(2)).toMatchObject({
      command: "ALTER TABLE",
      locks: ["AccessExclusive on table public.parent"],
      scans: ["public.parent: 15 rows"],
    });
    expect(byLine.get(3)).toMatchObject({ rewrites: ["table public.parent"] });
    expect(byLine.get(4)).toMatchObject({ rows: [{ table: "public.child", destroyed: 15 }] });
    expect(byLine.get(6)).toMatchObject({ locks: ["AccessExclusive on table public.audit"] });
    expect((await play.sql`select count(*)::int as rows from parent`)[0]?.["rows"]).toBe(20);
  });

  test("warns of a statement that writes more rows than one should", async () => {
    const sql = "insert into audit select g from generate_series(1, 10001) g; drop table audit;";
    const play = await createPlayground({ before: world, files: { [fileName]: sql } });
    const { warnings } = await play.apply({ dryRun: true });
    expect(warnings).toEqual([expect.stringMatching(/line 1: one statement wrote 10001 rows.*D11/)]);
  });

  test("names the lock on a table that only a dropped foreign key leads to", async () => {
    const play = await createPlayground({ before: world, files: { [fileName]: "drop table child;" } });
    const { rehearsal } = await play.apply({ dryRun: true });
    expect(rehearsal?.statements?.[0]?.locks).toContain("AccessExclusive on table public.parent");
  });

  test("tells the schema change in words, what the API's roles gain, and what advisors would say", async () => {
    const play = await createPlayground({
      before: `do $$ begin create role anon; exception when duplicate_object then null; end $$; ${world}`,
      files: { [fileName]: "alter table parent add column c int;\ngrant select on parent to anon;" },
    });
    const { rehearsal } = await play.apply({ dryRun: true });
    expect(rehearsal?.schema_changes).toEqual([
      "added: grant SELECT on table public.parent to anon",
      "added: column public.parent.c",
    ]);
    expect(rehearsal?.access_changes).toEqual(["anon gains SELECT on table public.parent"]);
    expect(rehearsal?.new_findings).toMatchObject([
      { check: "rls_disabled_in_public", level: "error", object: "table public.parent" },
    ]);
  });

  test("names the sequence that a rollback does not set back", async () => {
    const play = await createPlayground({
      before: world,
      files: { [fileName]: "insert into child (parent) values (1);" },
    });
    const { rehearsal } = await play.apply({ dryRun: true });
    expect(rehearsal?.left_behind).toEqual(["sequence public.child_id_seq: 20 → 21"]);
  });

  test.each([
    ["a program", "copy parent to program 'cat > /dev/null';"],
    ["a call", "do $$ begin perform dblink_exec('', 'select 1'); end $$;"],
    [
      "a trigger's function",
      "create function outward() returns trigger language plpgsql as $$ begin perform pg_reload_conf(); return null; end $$;\ncreate trigger outward after insert on audit for each row execute function outward();\ninsert into audit values (1);",
    ],
  ])("refuses what reaches beyond the transaction through %s, before anything runs", async (_, sql) => {
    const play = await createPlayground({ before: world, files: { [fileName]: sql } });
    await expect(play.apply({ dryRun: true })).rejects.toMatchObject({ code: "survives_rollback" });
  });

  test("waits a moment only for a lock that somebody holds, names the session, and offers the copy", async () => {
    const play = await createPlayground({
      before: world,
      files: { [fileName]: "alter table parent add column c int;" },
    });
    const other = connect(play.url, { max: 1 });
    await other`begin`;
    await other`lock table parent`;
    const [{ pid } = { pid: 0 }] = await other<{ pid: number }[]>`select pg_backend_pid() as pid`;
    const report = await play.apply({ dryRun: true });
    expect(report).toMatchObject({ status: "failed", failure: { code: "lock_not_available" } });
    expect(report.failure?.message).toContain(`Session ${pid} of `);
    expect(report.failure?.hint).toContain("copy");
    const onCopy = await play.apply({ rehearseOn: "copy" });
    expect(onCopy).toMatchObject({ status: "rehearsed", rehearsal: { on: "copy" } });
    expect(onCopy.rehearsal?.statements?.[0]?.locks).toEqual(["AccessExclusive on table public.parent"]);
    await other`rollback`;
    await other.end();
  });

  test("ends a statement that takes longer than a rehearsal may", async () => {
    const play = await createPlayground({
      files: { [fileName]: "select pg_sleep(60);" },
      settings: { rehearsalTimeoutMs: 300 },
    });
    const report = await play.apply({ dryRun: true });
    expect(report).toMatchObject({ status: "failed", failure: { code: "rehearsal_limit" } });
  });

  test("never applies where it was asked where to rehearse", async () => {
    const play = await createPlayground({ files: { [fileName]: "create table made (id int);" } });
    expect(await play.apply({ rehearseOn: "target" })).toMatchObject({ status: "rehearsed" });
    expect(await play.relations()).toEqual([]);
  });

  test("lists what cannot run in a transaction with what it will do", async () => {
    const play = await createPlayground({
      before: world,
      files: { [fileName]: "create index concurrently by_a on parent (a);" },
    });
    const { rehearsal } = await play.apply({ dryRun: true });
    expect(rehearsal?.not_rehearsed).toMatchObject([{ line: 1, command: "CREATE INDEX" }]);
  });

  test("works in the embedded database", async () => {
    const project = await createProject({ files: inFolder({ "20250101000000_world.sql": world }) });
    try {
      await project.engine.applyMigration({}, {});
      await project.write(inFolder({ [fileName]: "delete from parent where id = 1;" }));
      const { rehearsal } = await project.engine.applyMigration({ dryRun: true }, {});
      expect(rehearsal?.rows).toEqual([
        { table: "public.parent", deleted: 1 },
        { table: "public.child", deleted: 1 },
        { table: "public.audit", inserted: 1 },
      ]);
    } finally {
      await project.remove();
    }
  });
});

describe("rows_affected of an applied migration", () => {
  test.each([15, 17, 18] as const)("is what really changed, on Postgres %i", async (major) => {
    const sql = "delete from parent where id <= 5;\ntruncate child;\ndrop table audit;";
    const play = await createPlayground({ before: world, files: { [fileName]: sql }, major });
    const { plan_id: confirm = "" } = await play.apply();
    const report = await play.apply({ confirm });
    const tables = [
      { table: "public.child", deleted: 5, destroyed: 15 },
      { table: "public.audit", inserted: 5, destroyed: 5 },
      { table: "public.parent", deleted: 5 },
    ];
    expect(report.migrations).toMatchObject([{ rows_affected: 35, tables }]);
    const [run] = await play.runs();
    expect(run?.["rows_affected"]).toBe("35");
    const results: unknown = run?.["statement_results"];
    expect(results).toMatchObject([
      { command: "DELETE", rowsAffected: 5 },
      { command: "TRUNCATE TABLE", rowsAffected: 0 },
      { command: "DROP TABLE", rowsAffected: 0, tables: [{ table: "public.child" }, {}, {}] },
    ]);
  });
});
