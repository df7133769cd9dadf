import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { serveProgram, temporaryProject, type Served } from "./program.ts";

const token = "shared-by-both-0123456789";

type Report = Readonly<Record<string, unknown>>;

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

describe("two servers on one target", () => {
  const project = temporaryProject();
  let database: TestDatabase;
  let sql: postgres.Sql;
  let servers: readonly [Served, Served];

  beforeAll(async () => {
    database = await createDatabase();
    sql = postgres(database.url, { max: 2, onnotice: () => undefined });
    const serve = () =>
      serveProgram(["--token", token], {
        folder: project.folder,
        env: { GODWIT_DATABASE_URL: database.url },
      });
    servers = [await serve(), await serve()];
  });

  afterAll(async () => {
    await Promise.all(servers.map((served) => served.stop()));
    await sql.end({ timeout: 1 });
    await database.drop();
    project[Symbol.dispose]();
  });

  /** A client of 2026 whose person says yes to everything; `route` says which server each of its requests goes to. */
  async function connect(route: (turn: number) => number): Promise<{
    readonly call: (name: string, args: Record<string, unknown>) => Promise<Report>;
    readonly sent: readonly Sent[];
    readonly close: () => Promise<void>;
  }> {
    const sent: Sent[] = [];
    const fetchRouted = async (_: string | URL, init: RequestInit = {}): Promise<Response> => {
      const place = servers[route(sent.length) === 0 ? 0 : 1].url;
      // Without the client's signal, which is aborted once it has closed.
      const { signal: __, ...rest } = init;
      sent.push({ url: place, init: rest });
      return fetch(new URL(place), init);
    };
    const client = new Client(
      { name: "replicas", version: "1" },
      { versionNegotiation: { mode: "auto" }, capabilities: { elicitation: {} } },
    );
    client.setRequestHandler("elicitation/create", () => ({ action: "accept" as const, content: {} }));
    const transport = new StreamableHTTPClientTransport(new URL(servers[0].url), {
      fetch: fetchRouted,
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    });
    await client.connect(transport);
    return {
      call: async (name, args) =>
        (await client.callTool({ name, arguments: args })).structuredContent as Report,
      sent,
      close: () => client.close(),
    };
  }

  it("write one after the other: each file is applied once, whoever is asked", async () => {
    const dir = join(project.folder, "migrations");
    mkdirSync(dir, { recursive: true });
    for (const number of [1, 2, 3])
      writeFileSync(
        join(dir, `2026010100000${number}_t${number}.sql`),
        `create table public.t${number} (i int);\n`,
      );
    const clients = await Promise.all([0, 1, 0, 1].map((server) => connect(() => server)));
    const reports = await Promise.all(clients.map((client) => client.call("apply_migration", {})));
    for (const client of clients) await client.close();
    expect(reports.map(({ status }) => String(status)).toSorted()).toEqual(
      expect.arrayContaining(["applied"]),
    );
    for (const report of reports)
      expect(["applied", "already_applied", "nothing_to_apply"], JSON.stringify(report)).toContain(
        report["status"],
      );
    const runs = await sql`
      select version from supabase_migrations.migration_history where kind = 'migration' order by version`;
    expect(runs.map(({ version }) => version)).toEqual([
      "20260101000001",
      "20260101000002",
      "20260101000003",
    ]);
  });

  it("take each other's questions: one asks, the other gets the answer and goes on, once", async () => {
    await sql`create table public.counted as select i, 0 as n from generate_series(1, 3000) i`;
    const client = await connect((turn) => turn % 2);
    const write = { query: "update public.counted set n = n + 1", write: true };
    const report = await client.call("execute_sql", write);
    expect(report).toMatchObject({ rows_affected: 3000 });
    const answered = client.sent.at(-1);
    expect(client.sent.at(-2)?.url).not.toBe(answered?.url);

    // The same answer once more, to either.
    for (const { url } of servers) {
      const response = await fetch(url, answered?.init);
      expect(await response.text()).toContain("not_confirmed");
    }
    await client.close();
    expect(await sql`select distinct n from public.counted`).toEqual([{ n: 1 }]);
  });

  it("refuse an answer for a plan that the other has carried out", async () => {
    writeFileSync(
      join(project.folder, "migrations", "20260102000000_drop.sql"),
      "drop table public.counted;\n",
    );
    const client = await connect((turn) => turn % 2);
    expect(await client.call("apply_migration", {})).toMatchObject({ status: "applied" });
    const answered = client.sent.at(-1);
    await client.close();
    const codes = await Promise.all(
      servers.map(
        async ({ url }) => /"code":"(\w+)"/.exec(await (await fetch(url, answered?.init)).text())?.[1],
      ),
    );
    expect(new Set(codes)).toEqual(new Set(["not_confirmed", "plan_is_stale"]));
  });
});
