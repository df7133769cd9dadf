import { expect, test } from "vitest";
import { readCatalog } from "../../../src/engine/catalog/read-catalog.ts";
import { openDatabase } from "../../../src/engine/database/open-database.ts";
import type { Catalog } from "../../../src/engine/model/catalog.ts";
import { createSupabaseDatabase } from "../../support/test-database.ts";
import { runAll } from "./with-database.ts";

const usersOwn: readonly (readonly [statement: string, keys: readonly string[]])[] = [
  [
    `create function public.on_sign_up() returns trigger language plpgsql as 'begin return new; end'`,
    [
      'function "public"."on_sign_up" ()',
      ...["anon", "authenticated", "service_role"].map(
        (role) => `grant "EXECUTE" on function "public"."on_sign_up" () to "${role}"`,
      ),
      'grant "EXECUTE" on function "public"."on_sign_up" () to public',
    ],
  ],
  [
    `create trigger welcome after insert on auth.users for each row execute function public.on_sign_up()`,
    ['trigger "auth"."users"."welcome"'],
  ],
  [
    `create policy own_files on storage.objects for select using (true)`,
    ['policy "storage"."objects"."own_files"'],
  ],
  [
    `create policy own_messages on realtime.messages for select using (true)`,
    ['policy "realtime"."messages"."own_messages"'],
  ],
  [
    `create type public.mood as enum ('sad')`,
    ['enum "public"."mood"', 'grant "USAGE" on enum "public"."mood" to public'],
  ],
  [`create extension citext with schema extensions`, ['extension "citext"', 'comment on extension "citext"']],
];

test("in a Supabase project what people made is theirs, wherever it lies, and nothing else is", async () => {
  const { url, drop } = await createSupabaseDatabase({ major: 17 });
  const database = await openDatabase({ kind: "postgres", url });
  try {
    const [before, after] = await database.withSession(async (session) => {
      const fresh = await readCatalog(session);
      await runAll(
        session,
        usersOwn.map(([statement]) => statement),
      );
      return [fresh, await readCatalog(session)];
    });
    expect(newKeys(before, after)).toEqual(usersOwn.flatMap(([, keys]) => keys).toSorted());
  } finally {
    await database.close();
    await drop();
  }
});

test("a webhook's trigger is the user's, though its function is the platform's", async () => {
  const { url, drop } = await createSupabaseDatabase({ major: 17 });
  const database = await openDatabase({ kind: "postgres", url });
  try {
    const catalog = await database.withSession(async (session) => {
      await runAll(session, [
        `create table public.orders (id integer)`,
        `create trigger hook after insert on public.orders for each row execute function supabase_functions.http_request('a', 'POST', '{}', '{}', '1000')`,
      ]);
      return readCatalog(session);
    });
    const hook = [...catalog.facts.values()].find(({ kind, id }) => kind === "trigger" && id.name === "hook");
    expect(hook?.provenance).toBe("user");
  } finally {
    await database.close();
    await drop();
  }
});

test("what came with an extension's tables is not told, what people put on them is", async () => {
  const { url, drop } = await createSupabaseDatabase({ major: 17 });
  const database = await openDatabase({ kind: "postgres", url });
  try {
    const [before, after] = await database.withSession(async (session) => {
      const fresh = await readCatalog(session);
      await runAll(session, [
        `create extension pg_cron`,
        `create policy mine on cron.job for select using (true)`,
      ]);
      return [fresh, await readCatalog(session)];
    });
    expect(newKeys(before, after)).toEqual([
      'comment on extension "pg_cron"',
      'extension "pg_cron"',
      'policy "cron"."job"."mine"',
    ]);
  } finally {
    await database.close();
    await drop();
  }
});

test("the history's own tables are never the user's", async () => {
  const { url, drop } = await createSupabaseDatabase({ major: 17 });
  const database = await openDatabase({ kind: "postgres", url });
  try {
    const catalog = await database.withSession(async (session) => {
      await runAll(session, [
        `create schema if not exists supabase_migrations`,
        `create table supabase_migrations.migration_history (id integer)`,
      ]);
      return readCatalog(session);
    });
    const provenances = [...catalog.facts.values()]
      .filter(({ id }) => id.schema === "supabase_migrations")
      .map(({ provenance }) => provenance);
    expect(new Set(provenances)).toEqual(new Set(["platform"]));
  } finally {
    await database.close();
    await drop();
  }
});

/** What is the user's in the second catalog and not in the first. */
function newKeys(before: Catalog, after: Catalog): readonly string[] {
  return [...after.facts.values()]
    .filter(({ key, provenance }) => provenance === "user" && !before.facts.has(key))
    .map(({ key }) => key)
    .toSorted();
}
