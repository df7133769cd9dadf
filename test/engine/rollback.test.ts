import { describe, expect, it, onTestFinished } from "vitest";
import type { ApplyMigrationRequest } from "../../src/engine/index.ts";
import { createProject } from "../support/project.ts";
import { codeOf, createPlayground, type Playground } from "./playground.ts";

const settings = { rollbackWindowHours: 48 };

interface Ground extends Playground {
  /** Applies SQL under a name and answers its version; a plan that takes something away is confirmed. */
  readonly change: (name: string, query: string) => Promise<string>;
}

async function playground(options: Parameters<typeof createPlayground>[0] = {}): Promise<Ground> {
  const ground = await createPlayground({ settings, ...options });
  const change = async (name: string, query: string) => {
    const request: ApplyMigrationRequest = { name, query };
    const asked = await ground.apply(request);
    const report =
      asked.plan_id === undefined ? asked : await ground.apply({ ...request, confirm: asked.plan_id });
    expect(report.status, JSON.stringify(report.failure)).toBe("applied");
    return report.migrations[0]?.version ?? "";
  };
  return { ...ground, change };
}

const makeNotes = "create table public.notes (id int primary key, body text);";

/** Moves the time of application back, as the server's clock sees it. */
async function age({ sql }: Playground, interval: string): Promise<void> {
  await sql`update supabase_migrations.migration_history set completed_at = now() - ${interval}::interval`;
}

describe("rollback_migration", () => {
  it("undoes the newest migration, records that, archives the history's row and leaves the file pending", async () => {
    const ground = await playground();
    await ground.change("base", "create table public.base (id int);");
    const version = await ground.change("notes", makeNotes);
    const report = await ground.engine.rollbackMigration({}, {});
    expect(report).toMatchObject({ status: "rolled_back", migrations: [{ version }] });
    expect(await ground.relations()).toEqual(["base"]);
    expect((await ground.entries()).map((entry) => entry.name)).toEqual(["base"]);
    const archived =
      await ground.sql`select version, change, old_row from supabase_migrations.migration_history_archive`;
    expect(archived).toMatchObject([{ version, change: "removed", old_row: { name: "notes" } }]);
    const rows = await ground.sql`
      select kind, status from supabase_migrations.migration_history where version = ${version} order by id`;
    expect(rows).toMatchObject([
      { kind: "migration", status: "completed" },
      { kind: "rollback", status: "completed" },
    ]);
    const listed = await ground.engine.listMigrations({}, {});
    expect(listed.migrations.map(({ state }) => state)).toEqual(["applied", "pending"]);
    expect(report.next_steps?.[0]).toContain(`${version}_notes.sql is pending again`);
  });

  it("applies the same file again afterwards, and rolls it back again", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    await ground.engine.rollbackMigration({}, {});
    expect((await ground.apply()).status).toBe("applied");
    expect((await ground.engine.rollbackMigration({}, {})).status).toBe("rolled_back");
    expect(await ground.relations()).toEqual([]);
  });

  it("gives a table its name back with all that stands on it unchanged", async () => {
    const ground = await playground();
    await ground.change(
      "base",
      "create table public.base (id int generated always as identity primary key);",
    );
    await ground.change("rename", "alter table public.base rename to basis;");
    expect(await ground.engine.rollbackMigration({}, {})).toMatchObject({ status: "rolled_back" });
    expect(await ground.relations()).toContain("base");
  });

  it("undoes several at once, newest first", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    await ground.change(
      "stars",
      "alter table public.notes add column stars int; create index on public.notes (stars);",
    );
    await ground.change("renamed", "alter table public.notes rename to remarks;");
    const report = await ground.engine.rollbackMigration({ count: 3 }, {});
    expect(report.migrations.map(({ name }) => name)).toEqual(["renamed", "stars", "notes"]);
    expect(await ground.relations()).toEqual([]);
  });

  it("asks before it takes away rows that were written since, with their number", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    await ground.sql`insert into public.notes values (1, 'a'), (2, 'b')`;
    const asked = await ground.engine.rollbackMigration({}, {});
    expect(asked).toMatchObject({
      status: "confirmation_required",
      losses: [{ object: "table public.notes", change: "dropped", rows: 2 }],
    });
    expect(await ground.relations()).toContain("notes");
    const done = await ground.engine.rollbackMigration({ confirm: asked.plan_id ?? "" }, {});
    expect(done.status).toBe("rolled_back");
  });

  it("shows the plan and changes nothing with dry_run", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    const planned = await ground.engine.rollbackMigration({ dryRun: true }, {});
    expect(planned.status).toBe("planned");
    expect(planned.migrations[0]?.sql).toContain('drop table "public"."notes"');
    expect(await ground.relations()).toContain("notes");
    expect((await ground.engine.rollbackMigration({ confirm: planned.plan_id ?? "" }, {})).status).toBe(
      "rolled_back",
    );
  });

  it("refuses another plan than the one that was approved", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    const planned = await ground.engine.rollbackMigration({ dryRun: true }, {});
    await ground.change("more", "create table public.more (id int);");
    const confirm = planned.plan_id ?? "";
    expect(await codeOf(ground.engine.rollbackMigration({ confirm }, {}))).toBe("plan_is_stale");
  });

  it("is open until 48 hours have passed by the server's clock", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    await age(ground, "48 hours 1 minute");
    const late = await ground.engine.rollbackMigration({}, {});
    expect(late.status).toBe("window_closed");
    expect(late.migrations[0]?.sql).toContain("drop table");
    expect(late.next_steps?.[0]).toContain("create_migration");
    expect(await ground.relations()).toContain("notes");
    await age(ground, "47 hours 59 minutes");
    expect((await ground.engine.rollbackMigration({}, {})).status).toBe("rolled_back");
  });

  it("has a window as long as the setting says", async () => {
    const ground = await playground({ settings: { rollbackWindowHours: 2 } });
    await ground.change("notes", makeNotes);
    await age(ground, "2 hours 1 minute");
    expect((await ground.engine.rollbackMigration({}, {})).status).toBe("window_closed");
    await age(ground, "1 hour 59 minutes");
    expect((await ground.engine.rollbackMigration({}, {})).status).toBe("rolled_back");
  });

  it("refuses where a later migration touches the same objects, and not where it touches others", async () => {
    const ground = await playground();
    const first = await ground.change("notes", makeNotes);
    const other = await ground.change("other", "create table public.other (id int);");
    await ground.change(
      "comment",
      "comment on table public.other is 'x'; comment on table public.notes is 'y'; alter table public.notes alter column body set not null;",
    );
    expect(await codeOf(ground.engine.rollbackMigration({ version: first }, {}))).toBe("rollback_overlapped");
    await ground.engine.rollbackMigration({}, {});
    expect((await ground.engine.rollbackMigration({ version: first }, {})).status).toBe("rolled_back");
    expect((await ground.entries()).map(({ version }) => version)).toEqual([other]);
  });

  it("refuses where the objects were changed by hand since", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    await ground.sql`alter table public.notes alter column body set default 'x'`;
    expect(await codeOf(ground.engine.rollbackMigration({}, {}))).toBe("rollback_drifted");
    await ground.sql`alter table public.notes alter column body drop default`;
    await ground.sql`alter table public.notes add column extra int`;
    expect(await codeOf(ground.engine.rollbackMigration({}, {}))).toBe("rollback_drifted");
    expect(await ground.relations()).toContain("notes");
  });

  it("refuses where something depends by now on what would go", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    await ground.sql`create view public.bodies as select body from public.notes`;
    expect(await codeOf(ground.engine.rollbackMigration({}, {}))).toBe("rollback_needed");
  });

  it("refuses what has no way back, and what others applied", async () => {
    const ground = await playground();
    await ground.change("stage", "create type public.mood as enum ('a');");
    await ground.sql`insert into supabase_migrations.schema_migrations (version, name) values ('29990101000000', 'by_hand')`;
    expect(await codeOf(ground.engine.rollbackMigration({}, {}))).toBe("no_way_back");
    await ground.sql`update supabase_migrations.migration_history set rollback_verdict = 'impossible'`;
    await ground.sql`delete from supabase_migrations.schema_migrations where name = 'by_hand'`;
    expect(await codeOf(ground.engine.rollbackMigration({}, {}))).toBe("no_way_back");
  });

  it("undoes nothing at all where one of several fails", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    await ground.change("stars", "alter table public.notes add column stars int;");
    await ground.sql`
      update supabase_migrations.migration_history set rollback_sql = 'select 1 / 0' where phase_name = 'notes'`;
    expect(await codeOf(ground.engine.rollbackMigration({ count: 2 }, {}))).toBe("no_way_back");
    expect(await ground.sql`select stars from public.notes`).toEqual([]);
    expect(await ground.entries()).toHaveLength(2);
  });

  it("undoes nothing where the schema would not be as before", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    await ground.sql`
      update supabase_migrations.migration_history set rollback_sql = 'select 1' where phase_name = 'notes'`;
    expect(await codeOf(ground.engine.rollbackMigration({}, {}))).toBe("no_way_back");
    expect(await ground.entries()).toHaveLength(1);
  });

  it("brings back what a migration asked to keep: dropped tables and columns, emptied and overwritten rows", async () => {
    const ground = await playground({
      before: `
        create table public.people (id int generated always as identity primary key, name text not null, seen text default 'x');
        create table public.notes (id int primary key, person int not null references public.people, body text);
        create function public.touch() returns trigger language plpgsql as $$ begin new.body := 'touched'; return new; end $$;
        create trigger touch before insert or update on public.notes for each row execute function public.touch();
        alter table public.notes disable trigger touch;
        insert into public.people (name) values ('a'), ('b');
        insert into public.notes values (1, 1, 'one'), (2, 2, 'two');
        alter table public.notes enable trigger touch;
        create table public.logs (id int primary key, line text);
        insert into public.logs values (1, 'l');
        create table public.prices (id int primary key, cents int not null, label text);
        insert into public.prices values (1, 100, 'p'), (2, 200, null);`,
    });
    const snapshot = async () => ({
      people: Array.from(await ground.sql`select * from public.people order by id`),
      notes: Array.from(await ground.sql`select * from public.notes order by id`),
      logs: Array.from(await ground.sql`select * from public.logs`),
      prices: Array.from(await ground.sql`select id, cents, label from public.prices order by id`),
    });
    const before = await snapshot();
    await ground.change(
      "clear",
      `-- godwit:keep-data
      drop table public.notes, public.people;
      truncate public.logs;
      update public.prices set label = 'gone';
      alter table public.prices drop column cents;`,
    );
    expect((await ground.runs())[0]).toMatchObject({
      rollback_verdict: "proven",
      rollback_details: { losses: [] },
    });
    const copies = "select count(*)::int as n from pg_class where relname like 'kept\\_%' and relkind = 'r'";
    expect(await ground.sql.unsafe(copies)).toMatchObject([{ n: 5 }]);
    expect((await ground.engine.rollbackMigration({}, {})).status).toBe("rolled_back");
    expect(await snapshot()).toEqual(before);
    expect(await ground.sql.unsafe(copies)).toMatchObject([{ n: 0 }]);
    expect(await ground.sql`insert into public.people (name) values ('c') returning id`).toMatchObject([
      { id: 3 },
    ]);
  });

  it("keeps what a migration asked to keep until the window has passed, and the next apply removes it", async () => {
    const ground = await playground({
      before: "create table public.logs (id int); insert into public.logs values (1);",
    });
    await ground.change("clear", "-- godwit:keep-data\ndrop table public.logs;");
    const copies = "select count(*)::int as n from pg_class where relname like 'kept\\_%' and relkind = 'r'";
    await ground.change("early", "create table public.early (id int);");
    expect(await ground.sql.unsafe(copies)).toMatchObject([{ n: 1 }]);
    await age(ground, "48 hours 1 minute");
    await ground.change("late", "create table public.late (id int);");
    expect(await ground.sql.unsafe(copies)).toMatchObject([{ n: 0 }]);
  });

  it("asks before it takes protection away", async () => {
    const ground = await playground();
    await ground.change("notes", makeNotes);
    await ground.change("protect", "alter table public.notes enable row level security;");
    await ground.sql`insert into public.notes values (1, 'a')`;
    const asked = await ground.engine.rollbackMigration({}, {});
    expect(asked).toMatchObject({ status: "confirmation_required", losses: [{ change: "unprotected" }] });
  });

  it("works the same on the embedded database", async () => {
    const project = await createProject({ settings });
    onTestFinished(() => project.remove());
    await project.engine.applyMigration({ name: "notes", query: makeNotes }, {});
    const query =
      "alter table public.notes rename column body to content; create view public.all_notes as select * from public.notes;";
    const applied = await project.engine.applyMigration({ name: "renamed", query }, {});
    expect(applied.migrations[0]?.rollback).toMatch(/^proven:/);
    expect((await project.engine.rollbackMigration({ count: 2 }, {})).status).toBe("rolled_back");
    const tables = "select relname from pg_class where relname in ('notes', 'all_notes')";
    expect((await project.engine.executeSql({ query: tables }, {})).rows).toEqual([]);
  });

  it("says so where nothing is applied, and where a version is not", async () => {
    const ground = await playground();
    expect((await ground.engine.rollbackMigration({}, {})).status).toBe("nothing_to_roll_back");
    expect(await codeOf(ground.engine.rollbackMigration({ version: "20260101000000" }, {}))).toBe(
      "version_not_found",
    );
    expect(await codeOf(ground.engine.rollbackMigration({ version: "1", count: 2 }, {}))).toBe(
      "arguments_conflict",
    );
  });

  it.each([15, 18] as const)("works the same on Postgres %i", async (major) => {
    const ground = await playground({ major });
    await ground.change(
      "notes",
      `${makeNotes} alter table public.notes enable row level security; create policy p on public.notes using (true);`,
    );
    await ground.change(
      "narrow",
      "alter table public.notes alter column body set not null, add check (body <> '');",
    );
    expect((await ground.engine.rollbackMigration({ count: 2 }, {})).status).toBe("rolled_back");
    expect(await ground.relations()).toEqual([]);
  });
});
