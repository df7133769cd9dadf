import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, type TestProject } from "../support/project.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";

const mark = randomBytes(4).toString("hex");
const [app, reader] = [`app_${mark}`, `reader_${mark}`];

const files = {
  "migrations/20260101000000_a.sql": `
    create table public.a (id int primary key);
    alter table public.a enable row level security;
    create policy readers on public.a for select to ${reader} using (true);
    create function public.f() returns int language sql as 'select 1';`,
  "migrations/20260102000000_b.sql": `create role ${reader}_two; create table public.b (id int); grant select on public.b to ${reader}_two;`,
};

describe("a shadow of a database that a role of its own works on", () => {
  let database: TestDatabase;
  let project: TestProject;
  let admin: postgres.Sql;

  beforeAll(async () => {
    database = await createDatabase();
    admin = postgres(database.url, { max: 1, onnotice: () => undefined });
    await admin
      .unsafe(
        `create role ${app} login createrole password 'secret'; create role ${reader}; grant all on schema public to ${app};
         alter default privileges for role ${app} in schema public grant select on tables to ${reader};`,
      )
      .simple();
    const url = new URL(database.url);
    url.username = app;
    url.password = "secret";
    const { pathname } = url;
    await admin.unsafe(`alter database ${pathname.slice(1)} owner to ${app}`);
    project = await createProject({ url: url.toString(), files });
    expect((await project.engine.applyMigration({}, {})).status).toBe("applied");
  });
  afterAll(async () => {
    await project.remove();
    await admin.end();
    await database.drop();
    const server = await createDatabase();
    admin = postgres(server.url, { max: 1, onnotice: () => undefined });
    for (const role of [`${reader}_two`, reader, app]) await admin.unsafe(`drop role if exists ${role}`);
    await admin.end();
    await server.drop();
  });

  const detect = () => project.engine.detectDrift({}, { answerSize: "whole" });

  it("has its roles, its owner and the default privileges of the files' time", async () => {
    const { drift, schema } = await detect();
    expect(drift).toEqual([]);
    expect(schema?.not_replayed).toBeUndefined();
  });

  it("does not take over a default privilege that came after the files", async () => {
    await admin.unsafe(`alter default privileges for role ${app} grant execute on functions to ${reader}`);
    expect((await detect()).drift).toMatchObject([{ kind: "default_privilege", change: "only_in_live" }]);
  });
});
