import { rm } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { lookAtServer, restoreServer } from "../../src/engine/shadow/restore-server.ts";
import { startServer, type PostgresServer } from "../support/postgres-server.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createDatabase, createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";

const look = async (url: string) => {
  const database = await openDatabase({ kind: "postgres", url });
  try {
    return await database.withSession(lookAtServer);
  } finally {
    await database.close();
  }
};

const run = async (url: string, text: string) => {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  await client.unsafe(text).simple();
  await client.end();
};

/** A role belongs to the whole server, hence a name of its own. */
const role = `shadow_role_${Math.random().toString(36).slice(2)}`;

const plainFiles = {
  "migrations/20260101000000_a.sql": `
    create extension pg_trgm;
    create schema app;
    create type app.mood as enum ('sad', 'happy');
    create table public.a (id int primary key, mood app.mood default 'sad', body text);
    create index a_body on public.a using gin (body public.gin_trgm_ops);
    create view public.v as select id from public.a;
    alter table public.a enable row level security;
    create role ${role};
    grant select on public.a to ${role};
    alter default privileges grant select on tables to ${role};
    create publication p for table public.a;`,
  "migrations/20260102000000_b.sql": "create index concurrently a_mood on public.a (mood);",
};

describe("a database of a server as the shadow", () => {
  let live: TestDatabase;
  /** Of its own: other tests make roles on the shared server, which would be compared. */
  let shadow: PostgresServer;
  let project: TestProject;

  beforeAll(async () => {
    [live, shadow] = await Promise.all([createDatabase(), startServer({ major: 17 })]);
    project = await createProject({ url: live.url, files: plainFiles, settings: { shadowUrl: shadow.url } });
    expect((await project.engine.applyMigration({}, {})).status).toBe("applied");
  });
  afterAll(async () => {
    await project.remove();
    await live.drop();
    await shadow.stop();
    const server = await createDatabase();
    await run(server.url, `drop role if exists ${role}`);
    await server.drop();
  });

  const detect = () => project.engine.detectDrift({ schema: true }, { answerSize: "whole" });

  it("shows what differs, and is left as it was found", async () => {
    const before = await look(shadow.url);
    expect(await detect()).toMatchObject({ has_drift: false });
    await run(live.url, "drop index public.a_mood");
    expect((await detect()).drift).toMatchObject([{ kind: "index", change: "only_in_files" }]);
    expect(await look(shadow.url)).toEqual(before);
  });

  it("also tells what a pending file explains, beside other drift", async () => {
    const file = "migrations/20260103000000_later.sql";
    const sql = "create table public.later (id int);";
    await project.write({ [file]: sql });
    await run(live.url, sql);
    const { drift, findings, schema } = await detect();
    expect(findings).toEqual([]);
    expect(drift).toMatchObject([{ kind: "index", change: "only_in_files" }]);
    expect(schema?.not_drift).toMatchObject([{ object: "table public.later", explained_by: file }]);
    await run(live.url, "drop table public.later");
    await rm(join(project.dir, file));
  });

  it("is left as it was found also where a file cannot be run, ends its own time, or takes data from nowhere", async () => {
    const before = await look(shadow.url);
    await project.write({
      "migrations/20260101000000_a.sql": `${plainFiles["migrations/20260101000000_a.sql"]}
        create table public.more (id int);
        copy public.more from stdin;
        select nothing;`,
    });
    const { drift, schema } = await detect();
    expect(schema?.not_replayed?.map(({ file, line }) => [file, line])).toEqual([
      ["migrations/20260101000000_a.sql", 14],
      ["migrations/20260101000000_a.sql", 15],
    ]);
    expect(drift).toContainEqual(expect.objectContaining({ object: "table public.more" }));
    expect(await look(shadow.url)).toEqual(before);
  });

  it("keeps the roles that others make meanwhile, with what they are members of", async () => {
    const database = await openDatabase({ kind: "postgres", url: shadow.url });
    const roles = await database.withSession(async (session) => {
      const found = await lookAtServer(session);
      await run(
        shadow.url,
        "create role ours; create role theirs; create role team; grant team to theirs, ours; alter role theirs set work_mem = '8MB'",
      );
      expect(await restoreServer(session, found, (role) => role === "ours")).toEqual([]);
      return lookAtServer(session);
    });
    await database.close();
    expect(roles.roles).toEqual(expect.arrayContaining(["team", "theirs"]));
    expect(roles.roles).not.toContain("ours");
    expect(roles.roleFacts.memberships).toContainEqual({ role: "team", member: "theirs" });
    expect(roles.roleFacts.settings).toContainEqual({ role: "theirs", name: "work_mem", value: "8MB" });
    await run(shadow.url, "drop role theirs; drop role team");
  });

  it("is refused where it holds anything, and is not touched then", async () => {
    await run(shadow.url, "create table public.precious (id int)");
    await expect(detect()).rejects.toMatchObject({ code: "invalid_settings" });
    await run(shadow.url, "select * from public.precious; drop table public.precious");
  });

  it("is refused where it is the database that is compared", async () => {
    const empty = await createDatabase();
    const own = await createProject({
      url: empty.url,
      files: { "migrations/20260101000000_a.sql": "select 1;" },
      settings: { shadowUrl: `${empty.url}&application_name=shadow` },
    });
    await expect(own.engine.detectDrift({ schema: true }, {})).rejects.toMatchObject({
      code: "invalid_settings",
    });
    await own.remove();
    await empty.drop();
  });

  it("becomes a likeness of Supabase for a Supabase project, on a server that has none of its extensions", async () => {
    const supabase = await createSupabaseDatabase();
    const before = await look(shadow.url);
    const own = await createProject({
      url: supabase.url,
      files: {
        "supabase/migrations/20260101000000_a.sql": `
          create table public.notes (id bigint primary key, owner uuid references auth.users default auth.uid());
          alter table public.notes enable row level security;
          create policy own on public.notes for select to authenticated using (owner = auth.uid());
          create policy read on storage.objects for select to anon using (bucket_id = 'public');`,
      },
      settings: { shadowUrl: shadow.url },
    });
    expect((await own.engine.applyMigration({}, {})).status).toBe("applied");
    const { drift, schema } = await own.engine.detectDrift({ schema: true }, { answerSize: "whole" });
    expect(drift).toEqual([]);
    expect(schema?.not_replayed).toBeUndefined();
    expect(await look(shadow.url)).toEqual(before);
    await own.remove();
    await supabase.drop();
  });
});
