import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { userStatement } from "../../src/engine/database/sql.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import type { Engine } from "../../src/engine/index.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { splitStatements } from "../../src/engine/sql/split.ts";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";

const files = {
  "20260101000000_notes.sql": `
    create type public.mood as enum ('fine', 'sad');
    create table public.notes (id bigint primary key, body text default 'new', mood public.mood);
    create table public.tags (id bigint primary key, note bigint);
    alter table public.notes enable row level security;
    create policy notes_all on public.notes for all to authenticated using (true);
    create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;
    create trigger notes_touch before update on public.notes for each row execute function public.touch();
    create view public.recent with (security_invoker = on) as select id, body from public.notes;
    alter publication supabase_realtime add table public.notes;`,
};

const settings = {
  target: { kind: "embedded", dataDir: "memory" },
  readOnly: false,
  lockTimeoutMs: 500,
  lockWaitMs: 5_000,
  statementTimeoutMs: 60_000,
  queryTimeoutMs: 5_000,
  observe: () => undefined,
} as const;

/** One of each kind that needs another form to run a second time. */
const byHand = `
  drop policy notes_all on public.notes;
  create policy notes_read on public.notes for select to authenticated using (body is not null);
  alter table public.notes disable row level security;
  alter table public.notes alter column body set default 'changed';
  alter table public.notes add column colour text;
  alter type public.mood add value 'tired';
  create type public.shape as enum ('round');
  create table public.extra (id bigint primary key, shape public.shape);
  alter table public.tags add constraint tags_note_fkey foreign key (note) references public.notes;
  create index notes_body_idx on public.notes (body);
  drop trigger notes_touch on public.notes;
  create trigger notes_touched after update on public.notes for each row execute function public.touch();
  alter view public.recent reset (security_invoker);
  alter publication supabase_realtime drop table public.notes;
  alter publication supabase_realtime add table public.tags;
  grant select (id) on public.notes to anon;
  comment on table public.notes is 'by hand';`;

/** What must be so of migrations from drift, on the embedded database or on a server like Supabase's. */
export function describeMigrationsFromDrift(kind: "PGlite" | PostgresMajor): void {
  describe(`a migration from drift on ${kind}`, () => {
    let server: TestDatabase | undefined;
    let database: SessionDatabase;
    let dir: string;
    let engine: Engine;

    beforeAll(async () => {
      if (kind !== "PGlite") server = await createSupabaseDatabase({ major: kind });
      database = await openDatabase(
        server === undefined
          ? { kind: "embedded", dataDir: "memory" }
          : { kind: "postgres", url: server.url },
      );
      dir = await mkdtemp(join(tmpdir(), "godwit-drift-"));
      await mkdir(join(dir, "migrations"));
      for (const [name, text] of Object.entries(files)) await writeFile(join(dir, "migrations", name), text);
      engine = createEngineOn({ ...settings, projectDir: dir }, async () => database);
      expect((await engine.applyMigration({}, {})).status).toBe("applied");
    });

    afterAll(async () => {
      await database.close();
      await server?.drop();
      await rm(dir, { recursive: true, force: true });
    });

    it.each(["live_to_files", "files_to_live"] as const)(
      "leaves no drift after %s, there and in a database built from the files",
      async (direction) => {
        await database.withSession(async (session) => {
          for (const { text } of splitStatements(byHand)) await session.run(userStatement(text));
        });
        const { drift } = await detect();
        expect(drift.length).toBeGreaterThan(12);
        expect(drift.filter((item) => item.layer !== "schema" || item.proved !== true)).toEqual([]);

        const created = await engine.createMigration(
          { name: `close_${direction}`, fromDrift: direction },
          {},
        );
        expect(created.script).toMatchObject({ proved: true });
        expect(created.warnings).toBeUndefined();
        const { plan_id: confirm = "" } = await engine.applyMigration({ dryRun: true }, {});
        expect(await engine.applyMigration({ confirm }, {})).toMatchObject({ status: "applied" });

        const after = await detect();
        expect(after).toMatchObject({ has_drift: false, drift: [] });
        expect(after.schema?.not_replayed).toBeUndefined();
        const query = "select attname::text from pg_attribute where attname = 'colour' and attnum > 0";
        const { rows = [] } = await engine.executeSql({ query }, {});
        expect(rows).toHaveLength(direction === "live_to_files" ? 0 : 1);
      },
    );

    const detect = () => engine.detectDrift({}, { answerSize: "whole" });
  });
}
