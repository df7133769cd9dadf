import { openDatabase } from "../../src/engine/database/open-database.ts";
import { openManagement } from "../../src/engine/database/management/open-management.ts";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import type { BatchDatabase, SessionDatabase } from "../../src/engine/ports.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fakeRef, fakeToken, startManagementFake } from "../support/management-fake.ts";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createDatabase, createSupabaseDatabase } from "../support/test-database.ts";
import { describeDatabaseContract, describeReaderContract } from "./contract.ts";

interface Opened<Database> {
  readonly database: Database;
  readonly close: () => Promise<void>;
}

async function openEmbedded(): Promise<Opened<SessionDatabase>> {
  const database = await openDatabase({ kind: "embedded", dataDir: "memory" });
  return { database, close: database.close };
}

async function openServer(major: PostgresMajor): Promise<Opened<SessionDatabase>> {
  const { url, drop } = await createDatabase({ major });
  const database = await openDatabase({ kind: "postgres", url });
  const close = async (): Promise<void> => {
    await database.close();
    await drop();
  };
  return { database, close };
}

async function openRequests(isReadOnly: boolean): Promise<Opened<BatchDatabase>> {
  const { url, drop } = await createSupabaseDatabase();
  const fake = await startManagementFake({ databaseUrl: url, requestsPerMinute: 10_000 });
  const clock = { monotonicMs: () => performance.now(), sleep: () => Promise.resolve() };
  const target = { projectRef: fakeRef, accessToken: fakeToken, apiUrl: fake.url, isReadOnly };
  const database = openManagement(target, clock);
  const close = async (): Promise<void> => {
    await database.close();
    await fake.close();
    await drop();
  };
  return { database, close };
}

const sessions = [
  { name: "the embedded database in memory", open: openEmbedded },
  ...([15, 17, 18] as const).map((major) => ({
    name: `PostgreSQL ${major}`,
    open: () => openServer(major),
  })),
];

for (const { name, open } of sessions) {
  describeDatabaseContract({ name, open });
  describeReaderContract({
    name,
    open: async () => {
      const { database, close } = await open();
      return { ask: (query) => database.withSession((session) => session.run(query)), close };
    },
  });
}

for (const isReadOnly of [false, true]) {
  describeReaderContract({
    name: `the Management API${isReadOnly ? ", read-only" : ""}`,
    open: async () => {
      const { database, close } = await openRequests(isReadOnly);
      return { ask: database.reader({}).run, close };
    },
  });
}

/*
 * What the session contract asks and requests cannot give: a tag and a count of rows, the position of an error (its line at most), notices, a transaction,
 * role or temporary table that outlives a request, cancelling, and statements in the order in which they are given.
 */
describe("scripts of the Management API", () => {
  let database: BatchDatabase;
  let close: () => Promise<void>;
  beforeAll(async () => ({ database, close } = await openRequests(false)));
  afterAll(() => close());

  const ask = (text: string) => database.reader({}).run(userStatement(text));
  const exists = async (name: string) =>
    (await ask(`select to_regclass('public.${name}') is not null as found`)).rows[0]?.["found"];

  test("run in one transaction and answer the rows of the last statement", async () => {
    const rows = await database.runScript([
      sql`create table public.kept (i int)`,
      sql`insert into public.kept values (${7}::int)`,
      sql`select i from public.kept`,
    ]);
    expect(rows).toEqual([{ i: 7 }]);
    expect(await exists("kept")).toBe(true);
  });

  test("stand beside a user's query, whose columns have names and types, with and without rows", async () => {
    const ask = { isSelect: true, maxRows: 10, timeoutMs: 0 };
    const { columns, rows } = await database.query({
      ...ask,
      text: "select 1::int8 as big, 'x'::text as words, array['x'] as list where false",
    });
    expect(rows).toEqual([]);
    expect(columns).toEqual([
      { name: "big", type: "bigint" },
      { name: "words", type: "text" },
      { name: "list", type: "text[]" },
    ]);
    const limited = await database.query({ ...ask, maxRows: 2, text: "select generate_series(1, 9) as i" });
    expect(limited.rows).toEqual([{ i: 1 }, { i: 2 }]);
  });

  test("leave nothing behind where a statement fails, and name its line", async () => {
    const script = [sql`create table public.gone (i int)`, sql`select 1 / 0`, sql`select 1`];
    await expect(database.runScript(script)).rejects.toMatchObject({ fields: { sqlstate: "22012" } });
    expect(await exists("gone")).toBe(false);
    const misspelt = [sql`select 1`, userStatement("selec 1")];
    await expect(database.runScript(misspelt)).rejects.toMatchObject({
      fields: { sqlstate: "42601", scriptLine: 3 },
    });
  });

  test("leave neither settings, role, temporary table nor lock to the next request", async () => {
    await database.runScript([
      sql`set local search_path = pg_catalog`,
      sql`create temporary table passing (i int) on commit drop`,
      sql`select pg_advisory_xact_lock(4712)`,
    ]);
    const { rows } = await ask(
      `select current_setting('search_path') <> 'pg_catalog' as path, to_regclass('passing') is null as no_table,
              not exists (
                select from pg_locks join pg_database on oid = database
                where locktype = 'advisory' and datname = current_database()
              ) as no_lock`,
    );
    expect(rows).toEqual([{ path: true, no_table: true, no_lock: true }]);
  });

  test("questions change nothing", async () => {
    await expect(
      ask("select set_config('x.y', nextval('pg_catalog.nothing')::text, false)"),
    ).rejects.toMatchObject({
      fields: { sqlstate: "42P01" },
    });
    await database.runScript([sql`create sequence public.counted`]);
    await expect(ask("select nextval('public.counted')")).rejects.toMatchObject({
      fields: { sqlstate: "25006" },
    });
  });
});
