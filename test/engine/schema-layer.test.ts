import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DetectDriftReport, SchemaDriftItem } from "../../src/engine/index.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";

const files = {
  "supabase/migrations/20260101000000_notes.sql": `
    create extension if not exists pg_trgm with schema extensions;
    create table public.notes (id bigint primary key, body text default 'new', owner uuid default auth.uid());
    alter table public.notes enable row level security;
    create policy notes_own on public.notes for select to authenticated using ((select auth.uid()) = owner);
    create view public.recent with (security_invoker = on) as select id, body from public.notes;`,
  "supabase/migrations/20260102000000_touch.sql": `
    create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;
    create trigger notes_touch before update on public.notes for each row execute function public.touch();
    create index notes_body_idx on public.notes (body);
    alter publication supabase_realtime add table public.notes;`,
};

const handMade = [
  "drop policy notes_own on public.notes",
  "alter table public.notes disable row level security",
  "grant update (body) on public.notes to anon",
  "alter view public.recent reset (security_invoker)",
  "alter table public.notes alter column body set default 'changed'",
  "alter table public.notes disable trigger notes_touch",
  "create trigger on_signup after insert on auth.users for each row execute function public.touch()",
  "alter publication supabase_realtime drop table public.notes",
  "drop index public.notes_body_idx",
  "create policy everyone on storage.objects for select to anon using (true)",
];

const platformVersion = [
  "create table auth.passkeys (id uuid primary key, user_id uuid references auth.users)",
  "alter table auth.passkeys owner to supabase_auth_admin",
  "alter table auth.users add column is_sso_only boolean not null default false",
  "create function storage.newer() returns int language sql as 'select 1'",
  "alter function storage.newer() owner to supabase_storage_admin",
];

describe("the live schema against what the applied files produce", () => {
  let database: TestDatabase;
  let project: TestProject;

  beforeAll(async () => {
    database = await createSupabaseDatabase();
    project = await createProject({ url: database.url, files });
    const applied = await project.engine.applyMigration({}, {});
    expect(applied.status).toBe("applied");
  });

  afterAll(async () => {
    await project.remove();
    await database.drop();
  });

  const detect = (): Promise<DetectDriftReport> => project.engine.detectDrift({}, { answerSize: "whole" });

  it("is equal after applying, also with a pending file", async () => {
    await project.write({
      "supabase/migrations/20260103000000_more.sql": "create table public.more (id int);\n",
    });
    expect(await detect()).toMatchObject({
      has_drift: false,
      drift: [],
      layers: ["history", "content", "schema"],
    });
  });

  it("has none where the platform gets a version with more in it, which is counted as the platform's", async () => {
    await run(database.url, platformVersion);
    const { has_drift: hasDrift, drift, schema } = await detect();
    expect({ hasDrift, drift }).toEqual({ hasDrift: false, drift: [] });
    expect(schema?.counts).toEqual({ platform: expect.any(Number) as unknown });
    const told = schema?.not_drift?.map((item) => `${item.class} ${item.kind}`);
    expect(told).toContain("platform column, constraint, default, function, grant");
    expect(schema?.sql).toBeUndefined();
  });

  it("tells each change that was made by hand, and no other, with SQL that is proved both ways", async () => {
    await run(database.url, handMade);
    const { has_drift: hasDrift, drift, schema } = await detect();
    expect(hasDrift).toBe(true);
    expect(schemaItems(drift).map(sayItem).toSorted()).toEqual([
      "behavioural default expression",
      "behavioural publication_table only_in_files",
      "behavioural trigger enabled",
      "behavioural trigger only_in_live",
      "security grant only_in_live",
      "security policy only_in_files",
      "security policy only_in_live",
      "security table rowSecurity",
      "security view option.security_invoker",
      "structural index only_in_files",
    ]);
    expect(schemaItems(drift).filter(({ proved }) => proved !== true)).toEqual([]);
    expect(schema?.scripts).toMatchObject({
      live_to_files: { proved: true, hazards: expect.arrayContaining(["AUTHZ_UPDATE"]) },
      files_to_live: { proved: true },
    });
  });

  it("is equal again once the SQL of the answer has run", async () => {
    const { schema } = await detect();
    await run(database.url, [schema?.sql?.live_to_files ?? ""]);
    expect((await detect()).has_drift).toBe(false);
  });

  it("puts what is about security first in an agent's answer, and leaves none of it to a later page", async () => {
    const tables = Array.from({ length: 60 }, (_, index) => `create table public.by_hand_${index} (id int)`);
    await run(database.url, [
      ...tables,
      "grant all on public.notes to anon",
      "drop policy notes_own on public.notes",
    ]);
    const { drift, schema, next_cursor: cursor = "" } = await project.engine.detectDrift({}, {});
    const classes = schemaItems(drift).map((item) => item.class);
    expect(classes.filter((name) => name === "security")).toHaveLength(schema?.counts.security ?? 0);
    expect(classes.lastIndexOf("security")).toBeLessThan(classes.indexOf("structural"));
    const cache = path.join(project.dir, ".godwit/cache");
    for (const name of await readdir(cache)) await rm(path.join(cache, name));
    const next = await project.engine.detectDrift({ cursor }, {});
    // A shadow that had been started to prove the scripts anew would have left its image here.
    expect(await readdir(cache)).toEqual([]);
    expect(next.drift[0]).toMatchObject({ layer: "schema", class: "structural" });
  });
});

function schemaItems(drift: DetectDriftReport["drift"]): readonly SchemaDriftItem[] {
  return drift.filter((item) => item.layer === "schema");
}

function sayItem(item: SchemaDriftItem): string {
  return `${item.class} ${item.kind} ${item.attribute ?? item.change}`;
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    for (const statement of statements) await client.unsafe(statement).simple();
  } finally {
    await client.end();
  }
}
