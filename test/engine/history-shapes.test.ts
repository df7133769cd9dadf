import { describe, expect, test } from "vitest";
import { createProject } from "../support/project.ts";
import { codeOf, connect, createPlayground, inFolder } from "./playground.ts";

const one = { "20260101000000_one.sql": "create table one (id int);\n" };

const columnsOfEntries = `
  select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required
  from pg_attribute a
  where a.attrelid = 'supabase_migrations.schema_migrations'::regclass and a.attnum > 0
  order by a.attnum`;

const plainShape = [
  { name: "version", type: "text", required: true },
  { name: "statements", type: "text[]", required: false },
  { name: "name", type: "text", required: false },
];

const createPlain = `
  create schema supabase_migrations;
  create table supabase_migrations.schema_migrations (version text not null primary key);
  alter table supabase_migrations.schema_migrations add column statements text[], add column name text;`;

const createHosted = `${createPlain}
  alter table supabase_migrations.schema_migrations
    add column created_by text,
    add column idempotency_key text constraint schema_migrations_idempotency_key_key unique,
    add column rollback text[];`;

describe.each([15, 17, 18] as const)("history tables on PostgreSQL %i", (major) => {
  test("the CLI's table is made as the CLI makes it", async () => {
    const play = await createPlayground({ files: one, major });
    expect((await play.apply()).status).toBe("applied");
    expect(Array.from(await play.sql.unsafe(columnsOfEntries))).toEqual(plainShape);
    const [constraints] = await play.sql`
      select array_agg(conname || ' ' || pg_get_constraintdef(oid) order by conname) as all
      from pg_constraint
      where conrelid = 'supabase_migrations.schema_migrations'::regclass and contype <> 'n'`;
    expect(constraints?.["all"]).toEqual(["schema_migrations_pkey PRIMARY KEY (version)"]);
    expect(await play.entries()).toEqual([
      { version: "20260101000000", name: "one", statements: ["create table one (id int)"] },
    ]);
  });
});

describe("history tables", () => {
  test("nothing but the CLI's table and Godwit's own is made in the CLI's schema", async () => {
    const play = await createPlayground({ files: one });
    await play.apply();
    const relations = await play.sql`
      select relname from pg_class
      where relnamespace = 'supabase_migrations'::regnamespace and relkind = 'r' order by 1`;
    expect(relations.map((row) => row["relname"])).toEqual([
      "migration_history",
      "migration_history_archive",
      "schema_migrations",
      "used_answer",
    ]);
  });

  test("a three-column table is written to and left in its shape", async () => {
    const play = await createPlayground({ files: one, before: createPlain });
    expect((await play.apply()).status).toBe("applied");
    expect(Array.from(await play.sql.unsafe(columnsOfEntries))).toEqual(plainShape);
    expect(await play.entries()).toHaveLength(1);
  });

  test("a six-column table gets who applied, a key of its own and the rollback, and keeps its shape", async () => {
    const files = {
      "20260101000000_one.sql":
        "-- Migration: one\n-- Rollback:\n--   drop table one;\n\ncreate table one (id int);\n",
      "20260101000001_two.sql": "create table two (id int);\n",
    };
    const play = await createPlayground({ files, before: createHosted });
    const before = Array.from(await play.sql.unsafe(columnsOfEntries));
    expect((await play.apply({}, { appliedBy: "tester 1.0" })).status).toBe("applied");
    expect(Array.from(await play.sql.unsafe(columnsOfEntries))).toEqual(before);
    const rows = await play.sql`
      select created_by, idempotency_key, rollback from supabase_migrations.schema_migrations order by version`;
    expect(rows[0]).toMatchObject({ created_by: "tester 1.0", rollback: ["drop table one;"] });
    expect(rows[1]).toMatchObject({ created_by: "tester 1.0", rollback: null });
    const keys = rows.map((row) => String(row["idempotency_key"]));
    expect(new Set(keys).size).toBe(2);
    expect((await play.runs()).map((run) => run["rollback_sql"])).toEqual(["drop table one;", null]);
  });

  test("a table without the CLI's columns is refused and not altered", async () => {
    const before = `
      create schema supabase_migrations;
      create table supabase_migrations.schema_migrations (version text primary key, dirty boolean);`;
    const play = await createPlayground({ files: one, before });
    expect(await codeOf(play.apply())).toBe("history_shape");
    const columns = await play.sql.unsafe(columnsOfEntries);
    expect(columns.map((column) => column["name"])).toEqual(["version", "dirty"]);
    expect(await play.relations()).toEqual([]);
  });

  test("somebody else's migration_history is refused and not altered", async () => {
    const before = `${createPlain}
      create table supabase_migrations.migration_history (id int, note text);
      insert into supabase_migrations.migration_history values (1, 'theirs');`;
    const play = await createPlayground({ files: one, before });
    expect(await codeOf(play.apply())).toBe("history_shape");
    expect(Array.from(await play.sql`select * from supabase_migrations.migration_history`)).toEqual([
      { id: 1, note: "theirs" },
    ]);
    expect(await play.entries()).toEqual([]);
    expect((await play.engine.listMigrations({}, {})).counts).toEqual({ pending: 1 });
  });

  test("entries of every odd shape are listed", async () => {
    const before = `${createPlain}
      insert into supabase_migrations.schema_migrations (version, name, statements) values
        ('20250101000000', null, array['select 1']),
        ('20250101000001', 'no_statements', null),
        ('20250101000002', 'empty_statements', '{}'),
        ('20250101000003', 'null_statement', array[null, 'select 2']),
        ('not-a-number', 'odd', array['select 3']),
        ('', '', null);`;
    const play = await createPlayground({ files: one, before });
    const { migrations, counts } = await play.engine.listMigrations({ limit: "all" }, {});
    const versions = migrations.filter((row) => row.state === "missing_file").map((row) => row.version);
    expect(versions).toHaveLength(6);
    expect(versions).toContain("not-a-number");
    expect(counts).toEqual({ missing_file: 6, pending: 1 });
    expect((await play.apply()).status).toBe("applied");
  });

  test("Godwit's own tables are no migration of the project", async () => {
    const play = await createPlayground({ files: one });
    await play.apply();
    const { migrations } = await play.engine.listMigrations({ limit: "all" }, {});
    expect(migrations.map((row) => [row.version, row.state])).toEqual([["20260101000000", "applied"]]);
    const [row] = await play.sql`
      select kind, status, version from supabase_migrations.migration_history where kind = 'bookkeeping'`;
    expect(row).toMatchObject({ status: "completed" });
    expect((await play.engine.detectDrift({}, {})).has_drift).toBe(false);
  });

  test("reading makes no table", async () => {
    const play = await createPlayground({ files: one });
    await play.engine.listMigrations({}, {});
    await play.engine.detectDrift({}, {});
    await play.apply({ dryRun: true });
    const [row] = await play.sql`select to_regnamespace('supabase_migrations') as schema`;
    expect(row?.["schema"]).toBeNull();
  });

  test("the embedded database has the same tables", async () => {
    const project = await createProject({ files: inFolder(one) });
    try {
      expect((await project.engine.applyMigration({}, {})).status).toBe("applied");
      const query = columnsOfEntries.replaceAll("\n", " ");
      expect((await project.engine.executeSql({ query }, {})).rows).toEqual(plainShape);
    } finally {
      await project.remove();
    }
  });
});

describe("a role without rights", () => {
  const role = `reader_${Math.random().toString(36).slice(2)}`;
  const asReader = (url: string) => {
    const address = new URL(url);
    address.username = role;
    address.password = "reader";
    return address.toString();
  };

  test("cannot make the tables and is told so", async () => {
    const play = await createPlayground({
      files: one,
      before: `create role ${role} login password 'reader'`,
      engineUrl: asReader,
    });
    try {
      expect(await codeOf(play.apply())).toBe("permission_denied");
      const [row] = await play.sql`select to_regnamespace('supabase_migrations') as schema`;
      expect(row?.["schema"]).toBeNull();
      expect(await play.relations()).toEqual([]);
    } finally {
      await play.sql.unsafe(`drop owned by ${role}; drop role ${role}`).simple();
    }
  });

  test("cannot read the history and is told so", async () => {
    const play = await createPlayground({
      files: one,
      before: `${createPlain} create role ${role} login password 'reader'`,
      engineUrl: asReader,
    });
    try {
      expect(await codeOf(play.engine.listMigrations({}, {}))).toBe("permission_denied");
      expect(await codeOf(play.apply())).toBe("permission_denied");
    } finally {
      await play.sql.unsafe(`drop owned by ${role}; drop role ${role}`).simple();
    }
  });

  test("may read the history, cannot write it, and changes nothing", async () => {
    const before = `create role ${role} login password 'reader'`;
    const play = await createPlayground({ files: one, before });
    try {
      expect((await play.apply()).status).toBe("applied");
      await play.sql
        .unsafe(
          `grant usage on schema supabase_migrations to ${role};
           grant select on all tables in schema supabase_migrations to ${role};
           grant create on schema public to ${role};`,
        )
        .simple();
      await play.write({ "20260101000001_two.sql": "create table two (id int);\n" });
      const reader = play.anotherEngine({ target: { kind: "postgres", url: asReader(play.url) } });
      expect((await reader.listMigrations({}, {})).counts).toEqual({ applied: 1, pending: 1 });
      const report = await reader.applyMigration({}, {});
      expect(report).toMatchObject({ status: "failed", failure: { code: "permission_denied" } });
      expect(await play.relations()).toEqual(["one"]);
      expect(await play.entries()).toHaveLength(1);
    } finally {
      const admin = connect(play.url, { max: 1 });
      await admin.unsafe(`drop owned by ${role}; drop role ${role}`).simple();
      await admin.end();
    }
  });
});
