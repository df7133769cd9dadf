import { readdir } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { expect } from "vitest";
import type { CallContext } from "../../src/engine/index.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";

export const folder = "supabase/migrations";
export const whole: CallContext = { answerSize: "whole" };

/** Migrations with everything that dumps forget. */
export const applied = {
  "20260101000000_notes.sql": `
    alter default privileges in schema public revoke all on tables from anon;
    create extension if not exists pg_trgm with schema extensions;
    create type public.mood as enum ('good', 'bad');
    create table public.people (id uuid primary key references auth.users, role varchar(20) check (role in ('boss', 'team')));
    create table public.notes (id bigint generated always as identity primary key, body text, mood public.mood,
      owner uuid references public.people, secret text);
    alter table public.notes enable row level security;
    create policy notes_own on public.notes for select to authenticated using ((select auth.uid()) = owner);
    comment on table public.notes is 'What people -- and "others" -- noted; it''s theirs';
    insert into public.people select id, 'boss' from auth.users;`,
  "20260102000000_access.sql": `
    create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;
    create trigger notes_touch before update on public.notes for each row execute function public.touch();
    create function public.greet() returns trigger language plpgsql security definer set search_path = '' as
      $$ begin insert into public.people (id) values (new.id); return new; end $$;
    create trigger on_signup after insert on auth.users for each row execute function public.greet();
    revoke all on public.notes from anon;
    grant select (id, body) on public.notes to anon;
    revoke execute on function public.greet() from public, anon;
    grant execute on function extensions.similarity(text, text), extensions.word_similarity(text, text) to anon, authenticated;
    alter publication supabase_realtime add table public.notes;`,
  "20260103000000_set_up.sql": `
    create extension if not exists pg_cron;
    insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
      values ('avatars', 'avatars', true, 1000, array['image/png']);
    create policy avatars_read on storage.objects for select to anon using (bucket_id = 'avatars');
    select cron.schedule('nightly', '0 3 * * *', $$delete from public.notes where body = ''$$);
    create view public.mine with (security_invoker = on) as select id, body from public.notes;
    create table public.later (id int);`,
};

/** A project and a database that looks like a Supabase project's; cleared up when the test ends. */
export interface Meeting {
  readonly database: TestDatabase;
  readonly project: TestProject;
  readonly sql: postgres.Sql;
  readonly files: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
  readonly entries: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export async function meet(files: Readonly<Record<string, string>> = {}): Promise<Meeting> {
  const database = await createSupabaseDatabase();
  const project = await createProject({
    url: database.url,
    files: { "supabase/config.toml": "", ...inFolder(files) },
  });
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const close = async () => {
    await sql.end({ timeout: 1 });
    await project.remove();
    await database.drop();
  };
  return {
    database,
    project,
    sql,
    close,
    files: () =>
      readdir(path.join(project.dir, folder), { recursive: true }).then((names) => names.toSorted()),
    entries: async () =>
      Array.from(
        await sql<
          Record<string, unknown>[]
        >`select * from supabase_migrations.schema_migrations order by version`,
      ),
  };
}

export async function meetApplied(): Promise<Meeting> {
  const meeting = await meet(applied);
  expect(await meeting.project.engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
  return meeting;
}

export function inFolder(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
}
