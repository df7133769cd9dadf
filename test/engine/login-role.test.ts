import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { fakeRef, fakeToken } from "../support/management-fake.ts";
import { createHosted, type Hosted } from "./hosted.ts";
import { codeOf } from "./playground.ts";

const files = { "20260101000000_add_users.sql": "create table public.users (id int primary key);\n" };

interface Given {
  /** Of the database; where absent, the server's own. */
  readonly port?: number;
  readonly ttlSeconds?: number;
  readonly holdsRole?: false;
  readonly readOnly?: boolean;
}

/** A hosted project whose database is reached with temporary logins, as far as they are given. */
async function createReached({ port, ttlSeconds = 3600, readOnly = false, ...more }: Given): Promise<Hosted> {
  return createHosted({
    files,
    fake: (databaseUrl) => ({
      loginRole: { port: port ?? Number(new URL(databaseUrl).port), ttlSeconds, ...more },
    }),
    settings: ({ url }) => ({
      target: {
        kind: "management",
        projectRef: fakeRef,
        accessToken: fakeToken,
        apiUrl: url,
        loginRole: "auto",
      },
      readOnly,
    }),
  });
}

const pathsOf = ({ fake }: Hosted) => fake.requests.map(({ path }) => path);
const logins = (hosted: Hosted) => hosted.fake.requests.filter(({ path }) => path === "/cli/login-role");

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("a hosted project with temporary logins", () => {
  test("is worked on through Postgres: what needs a session can be done, and all belongs to postgres", async () => {
    const hosted = await createReached({});
    expect((await hosted.engine.applyMigration({ dryRun: true }, {})).status).toBe("rehearsed");
    const applied = await hosted.engine.applyMigration({}, {});
    expect(applied).toMatchObject({ status: "applied", target: expect.stringContaining(fakeRef) });
    expect(applied.warnings).toBeUndefined();
    expect(pathsOf(hosted).filter((path) => path.startsWith("/database"))).toEqual([]);
    const owners = await hosted.sql`select tableowner from pg_tables where schemaname = 'public'`;
    expect(owners).toMatchObject([{ tableowner: "postgres" }]);
    expect(logins(hosted).map(({ body }) => body)).toEqual([{ read_only: false }]);
  });

  test("asks for a new login where the last one ends", async () => {
    const hosted = await createReached({ ttlSeconds: 20 });
    await hosted.engine.listMigrations({}, {});
    const before = logins(hosted).length;
    await Promise.all([1, 2, 3].map(() => hosted.engine.executeSql({ query: "select pg_sleep(0.2)" }, {})));
    expect(logins(hosted).length).toBeGreaterThan(before);
  });

  test("asks for one that only reads where the server is read-only", async () => {
    const hosted = await createReached({ readOnly: true });
    await hosted.engine.listMigrations({}, {});
    expect(logins(hosted).map(({ body }) => body)).toEqual([{ read_only: true }]);
    expect(await codeOf(hosted.engine.applyMigration({}, {}))).toBe("read_only");
  });

  test.each([
    ["its database cannot be reached", async () => ({ port: await closedPort() })],
    ["its logins do not begin as postgres", async () => ({ holdsRole: false as const })],
  ])("is worked on by requests where %s, which say what they cannot", async (_, given) => {
    const hosted = await createReached(await given());
    expect(await codeOf(hosted.engine.applyMigration({ dryRun: true }, {}))).toBe("needs_session");
    expect((await hosted.engine.applyMigration({}, {})).warnings?.join()).toContain("Management API");
    expect(pathsOf(hosted)).toContain("/database/query");
  });

  test("is worked on by requests where the service makes no login", async () => {
    const hosted = await createReached({});
    hosted.fake.failNext({ kind: "answer", status: 403, body: { message: "Forbidden" } }, ({ path }) =>
      path.startsWith("/cli"),
    );
    expect((await hosted.engine.applyMigration({}, {})).status).toBe("applied");
    expect(pathsOf(hosted)).toContain("/database/query");
  });
});
