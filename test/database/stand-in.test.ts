import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  installStandIn,
  preinstalledExtensions,
  standInExtensions,
  writeRequestedVersions,
} from "../../src/engine/stand-in/index.ts";

// PGlite's own parameters pin search_path to public and leave the system catalogs open (-O); a project has neither.
const startParams = [
  "--single",
  "-F",
  "-j",
  "-c",
  'search_path="$user", public, extensions',
  "-c",
  "exit_on_error=false",
  "-c",
  "log_checkpoints=false",
  "-c",
  "max_worker_processes=0",
  "-c",
  "max_parallel_workers=0",
  "-c",
  "max_parallel_workers_per_gather=0",
  "-c",
  "io_method=sync",
];

let database: PGlite;
const writeFile = (path: string, content: string | Uint8Array): void =>
  database.Module.FS.writeFile(path, content);
const rows = async (sql: string): Promise<readonly Record<string, unknown>[]> =>
  (await database.query<Record<string, unknown>>(sql)).rows;
const failure = async (sql: string): Promise<unknown> =>
  database.exec(sql).then(
    () => undefined,
    (error: unknown) => error,
  );
const inRolledBack = async (work: () => Promise<void>): Promise<void> => {
  await database.exec("begin");
  try {
    await work();
  } finally {
    await database.exec("rollback; reset all");
  }
};

beforeAll(async () => {
  database = await PGlite.create({ startParams });
  await installStandIn({ exec: (sql) => database.exec(sql), writeFile });
}, 120_000);

afterAll(async () => {
  await database.close();
});

describe("an embedded database with the stand-in", () => {
  it("has what a fresh project has installed", async () => {
    const installed = await rows(
      "select extname as name, extnamespace::regnamespace::text as schema from pg_extension",
    );
    expect(installed).toEqual(expect.arrayContaining([...preinstalledExtensions]));
  });

  it("keeps its search path over a reset", async () => {
    await database.exec(`set search_path = ''; reset all`);
    expect(await rows("show search_path")).toEqual([{ search_path: '"$user", public, extensions' }]);
  });

  it.each(standInExtensions().map(({ name }) => name))(
    "installs %s by an unmodified statement, in any listed version",
    async (name) => {
      if (preinstalledExtensions.some((extension) => extension.name === name)) return;
      const versions =
        standInExtensions()
          .find((extension) => extension.name === name)
          ?.scripts.map(({ fileName }) => /--([^-]+(?:-\d)?)\.sql$/.exec(fileName)?.[1]) ?? [];
      for (const version of new Set([versions[0], versions.at(-1)])) {
        await inRolledBack(async () => {
          await database.exec(`create extension if not exists "${name}" version '${version}' cascade`);
          expect(await rows(`select extversion from pg_extension where extname = '${name}'`)).toEqual([
            { extversion: version },
          ]);
        });
      }
    },
  );

  it("records pg_cron in pg_catalog whatever schema is asked for", async () => {
    await inRolledBack(async () => {
      await database.exec("create extension pg_cron with schema extensions");
      expect(
        await rows(
          `select extnamespace::regnamespace::text as schema from pg_extension where extname = 'pg_cron'`,
        ),
      ).toEqual([{ schema: "pg_catalog" }]);
    });
  });

  it("accepts a version of an extension that nobody listed, once its file is written", async () => {
    const sql = `create extension vector with schema extensions version '99.9'`;
    expect(await failure(sql)).toMatchObject({ code: "22023" });
    writeRequestedVersions({ writeFile }, sql);
    await inRolledBack(async () => {
      await database.exec(sql);
      expect(await rows(`select '[1,2]'::vector <-> '[4,6]' as distance`)).toEqual([{ distance: 5 }]);
    });
  });

  it("says that PostGIS is not available", async () => {
    expect(await failure("create extension postgis")).toMatchObject({
      message: 'extension "postgis" is not available',
    });
  });

  it("refuses to unschedule a job that is not there", async () => {
    await inRolledBack(async () => {
      await database.exec(
        `create extension pg_cron; select cron.schedule('nightly', '0 3 * * *', 'select 1'); select cron.unschedule('nightly')`,
      );
      expect(await failure(`select cron.unschedule('nightly')`)).toMatchObject({
        code: "XX000",
        message: `could not find valid entry for job 'nightly'`,
      });
    });
  });

  it("refuses to delete storage rows directly", async () => {
    expect(await failure("delete from storage.objects")).toMatchObject({ code: "42501" });
  });

  it("lists a bucket by folder", async () => {
    await inRolledBack(async () => {
      await database.exec(
        `insert into storage.buckets (id, name) values ('b', 'b'); insert into storage.objects (bucket_id, name) values ('b', 'x/y/1.png'), ('b', 'x/2.png')`,
      );
      expect(await rows(`select name, id is null as folder from storage.search('x/', 'b')`)).toEqual([
        { name: "y", folder: true },
        { name: "2.png", folder: false },
      ]);
      expect(await rows(`select name from storage.search_v2('', 'b')`)).toEqual([{ name: "x/" }]);
    });
  });

  it("answers who the caller is from the claims of the request", async () => {
    await inRolledBack(async () => {
      await database.exec(
        `set local request.jwt.claims = '{"sub":"8a3c7d5e-0000-4000-8000-000000000001","role":"authenticated"}'`,
      );
      expect(await rows("select auth.uid()::text as uid, auth.role() as role")).toEqual([
        { uid: "8a3c7d5e-0000-4000-8000-000000000001", role: "authenticated" },
      ]);
    });
  });

  it("gives new tables in public to the roles of the API", async () => {
    await inRolledBack(async () => {
      await database.exec("create table public.thing (id int)");
      expect(
        await rows(
          `select has_table_privilege('anon', 'public.thing', 'select, insert, update, delete') as anon`,
        ),
      ).toEqual([{ anon: true }]);
    });
  });

  it("leaves the managed tables to their owners", async () => {
    expect(
      await rows(
        `select schemaname, tableowner from pg_tables where (schemaname, tablename) in (('auth', 'users'), ('storage', 'objects'), ('realtime', 'messages')) order by 1`,
      ),
    ).toEqual([
      { schemaname: "auth", tableowner: "supabase_auth_admin" },
      { schemaname: "realtime", tableowner: "supabase_realtime_admin" },
      { schemaname: "storage", tableowner: "supabase_storage_admin" },
    ]);
  });

  it("stores a broadcast message", async () => {
    await inRolledBack(async () => {
      await database.exec(`select realtime.send('{"a": 1}', 'made', 'room')`);
      expect(await rows("select topic, event, private from realtime.messages")).toEqual([
        { topic: "room", event: "made", private: true },
      ]);
    });
  });
});
