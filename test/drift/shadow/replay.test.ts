import { describe, expect, it, vi } from "vitest";
import { withShadow, type Replay, type ReplayRequest } from "../../../src/engine/shadow/replay.ts";

// A start takes a second on a quiet machine and ten on a busy one.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const replay = (
  files: Readonly<Record<string, string>>,
  rest: Partial<ReplayRequest> = {},
): Promise<Replay> =>
  withShadow(
    {
      likeness: "supabase",
      files: Object.entries(files).map(([path, sql]) => ({ path, sql })),
      ...rest,
    },
    async ({ catalog, findings }) => ({ catalog, findings }),
  );

const hasTable = ({ catalog }: Replay, name: string): boolean =>
  [...catalog.facts.values()].some(
    ({ kind, id }) => kind === "table" && id.schema === "public" && id.name === name,
  );

const limits = { statementTimeoutMs: 3_000, memoryBytes: 1_500_000_000 };

describe("a replay of migration files", () => {
  it("leads to the schema that the files make, on a likeness of a Supabase project", async () => {
    const result = await replay({
      "1_a.sql": "create table a (id uuid primary key references auth.users);",
      "2_b.sql": "create policy own on a using (auth.uid() = id);",
    });
    expect(result.findings).toEqual([]);
    expect(hasTable(result, "a")).toBe(true);
    expect(
      [...result.catalog.facts.values()].some(({ kind, id }) => kind === "policy" && id.name === "own"),
    ).toBe(true);
  });

  it("has no Supabase in it for a plain Postgres project", async () => {
    const result = await replay(
      { "1.sql": "create table a (id int references auth.users);" },
      { likeness: "postgres" },
    );
    expect(result.findings).toMatchObject([{ file: "1.sql", line: 1, sqlstate: "3F000" }]);
  });

  it("tells file, line and cause of what fails, and goes on behind it", async () => {
    const result = await replay({
      "1.sql":
        "create table a (id int);\n\n-- the next one fails\ncreate view v as\n  select nothing from a;\ncreate table b (id int);",
      "2.sql": "create table c (id int);",
    });
    expect(result.findings).toEqual([
      { file: "1.sql", line: 5, cause: 'column "nothing" does not exist', sqlstate: "42703" },
    ]);
    expect(["a", "b", "c"].filter((name) => hasTable(result, name))).toEqual(["a", "b", "c"]);
  });

  it("runs what a transaction does not allow, and uses an enum label as soon as it is there", async () => {
    const result = await replay({
      "1.sql": "create type e as enum ('a');\ncreate table t (x e);",
      "2.sql": "alter type e add value 'b';\nalter table t alter x set default 'b';",
      "3.sql": "create index concurrently i on t (x);\nbegin;\ncreate table u ();\ncommit;",
    });
    expect(result.findings).toEqual([]);
    expect(hasTable(result, "u")).toBe(true);
  });

  it("gives each file a session as new, whatever the one before set", async () => {
    const result = await replay({
      "1.sql": "select set_config('search_path', '', false); set role anon;",
      "2.sql": "create table a (id int);",
    });
    expect(result.findings).toEqual([]);
    expect(hasTable(result, "a")).toBe(true);
  });

  it("refuses rows from a client and goes on", async () => {
    const result = await replay({
      "1.sql": "create table a (id int);\ncopy a from stdin;\n",
      "2.sql": "create table b (id int);",
    });
    expect(result.findings).toMatchObject([{ file: "1.sql", line: 2 }]);
    expect(hasTable(result, "b")).toBe(true);
  });

  it.each([
    ["an endless loop", "do $$ begin loop end loop; end $$;"],
    ["a long sleep", "select pg_sleep(60);"],
    [
      "a hunger for memory",
      "create table m as select repeat('x', 1000) || i as t from generate_series(1, 100000000) i;",
    ],
  ])("ends the shadow and not the server for %s, and says where", async (_name, text) => {
    const result = await replay(
      {
        "1.sql": "create table a (id int);",
        "2.sql": `create table b (id int);\n${text}\ncreate table c (id int);`,
      },
      { limits },
    );
    expect(result.findings).toMatchObject([{ file: "2.sql", line: 2 }]);
    expect(result.findings[0]?.cause).toMatch(/^The shadow was ended: it (gave no answer|took more)/);
    expect(["a", "b", "c"].filter((name) => hasTable(result, name))).toEqual(["a", "b", "c"]);
  });

  it("goes on with a sound instance behind a statement that breaks it", async () => {
    const result = await replay({
      "1.sql": "create subscription s connection 'host=localhost' publication p;",
      "2.sql": "create table a as select to_tsvector('english', 'running') as v;",
    });
    expect(result.findings.map(({ file }) => file)).toEqual(["1.sql"]);
    expect(hasTable(result, "a")).toBe(true);
  });

  it("replays a file of ten megabytes", async () => {
    const values = Array.from({ length: 20_000 }, (_value, index) => `(${index}, '${"x".repeat(500)}')`);
    const result = await replay({
      "1.sql": `create table a (id int, t text);\ninsert into a values ${values.join(",")};`,
    });
    expect(result.findings).toEqual([]);
  });

  it("enables the live database's extensions and takes over its default privileges first", async () => {
    const live = await replay({
      "1.sql":
        "create extension pg_cron; create extension vector schema extensions; alter default privileges in schema public revoke all on tables from anon;",
    });
    expect(live.findings).toEqual([]);
    const result = await replay(
      { "1.sql": "create table a (v extensions.vector(3));" },
      { live: live.catalog },
    );
    expect(result.findings).toEqual([]);
    const grantees = [...result.catalog.facts.values()]
      .filter(({ kind, id }) => kind === "grant" && id.on?.includes('"a"'))
      .map(({ id }) => (id.grantee?.kind === "role" ? id.grantee.name : "everyone"));
    expect(grantees).toContain("authenticated");
    expect(grantees).not.toContain("anon");
  });
});
