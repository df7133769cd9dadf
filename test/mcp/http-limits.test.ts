import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createServer } from "../../src/mcp/create-server.ts";
import type { RunningHttp } from "../../src/mcp/http.ts";
import type { AccessLine } from "../../src/mcp/http-exchange.ts";
import { emptyTokenFile, makeToken } from "../../src/tokens/token-file.ts";
import { fakeEngine } from "./fake-engine.ts";
import { serveHttp, token } from "./serve-http.ts";

let running: RunningHttp | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

function call(name: string, args: object = {}, authorization = `Bearer ${token}`): Promise<Response> {
  return fetch(running?.url ?? "", {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } }),
    headers: {
      authorization,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
  });
}

const week = { now: new Date(), lifeMs: 7 * 86_400_000 };

describe("the HTTP server", () => {
  it.each([
    "GET / HTTP/1.1\r\nHost: localho",
    "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
  ])("hangs up on a client that sends %j and no more", async (sent) => {
    running = await serveHttp({}, { limits: { headersMs: 200, requestMs: 400 } });
    const socket = connect(Number(new URL(running.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    const slow = sent.replace(
      "localhost\r\n",
      `localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`,
    );
    socket.write(slow);
    socket.resume();
    await once(socket, "close");
    expect((await call("list_migrations")).status).toBe(200);
  });

  it("tells a caller who comes too often when to come again, and serves the others", async () => {
    const { token: other, kept } = makeToken({ name: "ci", scope: "read", ...week });
    const file = { ...emptyTokenFile(), tokens: [kept] };
    running = await serveHttp({}, { requestsPerMinute: 1, credentials: { token, readTokens: () => file } });
    const statuses = new Set<number>();
    for (let round = 0; round < 20; round += 1) statuses.add((await call("list_migrations")).status);
    expect([...statuses]).toEqual([200]);
    const refused = await call("list_migrations");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await call("list_migrations", {}, `Bearer ${other}`)).status).toBe(200);
  });

  it("stops listening to a guesser, and not to who holds a token of the file", async () => {
    const { token: other, kept } = makeToken({ name: "ci", scope: "read", ...week });
    const file = { ...emptyTokenFile(), tokens: [kept] };
    running = await serveHttp({}, { credentials: { token, readTokens: () => file } });
    for (let guess = 0; guess < 10; guess += 1)
      expect((await call("list_migrations", {}, `Bearer guess-${guess}`)).status).toBe(401);
    const refused = await call("list_migrations", {}, "Bearer guess-10");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).not.toBeNull();
    expect((await call("list_migrations", {}, `Bearer ${token}`)).status).toBe(429);
    expect((await call("list_migrations", {}, `Bearer ${other}`)).status).toBe(200);
  });

  it("closes by refusing new calls with 503 and letting the running one end", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let begun = (): void => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const fake = fakeEngine();
    const engine = {
      ...fake,
      listMigrations: async (...given: Parameters<typeof fake.listMigrations>) => {
        begun();
        await gate;
        return fake.listMigrations(...given);
      },
    };
    running = await serveHttp({
      makeServer: (confirmations) =>
        createServer({ engine, version: "1", reportFault: () => undefined }, confirmations),
    });
    const { url } = running;
    const first = call("list_migrations");
    await started;
    const closed = running.close();
    const second = await call("detect_drift");
    expect(second.status).toBe(503);
    expect(second.headers.get("retry-after")).toBe("5");
    expect((await fetch(new URL("/healthz", url))).status).toBe(503);
    release();
    const answer = await first;
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("1 applied");
    await closed;
    await expect(fetch(url)).rejects.toThrow();
    running = undefined;
  });

  it("logs each request with caller, tool and status, and nothing that the caller wrote", async () => {
    const lines: AccessLine[] = [];
    const { token: other, kept } = makeToken({ name: "ci", scope: "read", ...week });
    const file = { ...emptyTokenFile(), tokens: [kept] };
    running = await serveHttp(
      { onAccess: (line) => lines.push(line) },
      { credentials: { token, readTokens: () => file } },
    );
    await (await call("execute_sql", { query: "select 'swordfish'" }, `Bearer ${other}`)).text();
    await (await call("list_migrations", {}, "Bearer swordfish-swordfish")).text();
    await fetch(new URL("/swordfish?swordfish", running.url));
    await running.close();
    running = undefined;
    const shape = { address: "127.0.0.1", duration_ms: expect.any(Number) as number };
    expect(lines).toEqual([
      { ...shape, method: "POST", path: "/mcp", status: 200, principal: "ci", tool: "execute_sql" },
      { ...shape, method: "POST", path: "/mcp", status: 401 },
      { ...shape, method: "GET", path: "other", status: 404 },
    ]);
  });

  it("tells the engine who called and which targets that caller may reach", async () => {
    const engine = fakeEngine();
    const targets = ["staging"];
    const { token: other, kept } = makeToken({ name: "alice", scope: "write", targets, ...week });
    const file = { ...emptyTokenFile(), tokens: [kept] };
    running = await serveHttp(
      {
        makeServer: (confirmations) =>
          createServer({ engine, version: "1", reportFault: () => undefined }, confirmations),
      },
      { credentials: { readTokens: () => file } },
    );
    await (await call("apply_migration", {}, `Bearer ${other}`)).text();
    expect(engine.calls.map(({ context }) => [context.appliedBy, context.mayReach])).toEqual([
      ["alice", ["staging"]],
    ]);
  });
});

describe("a token's scope", () => {
  const calls = [
    ["list_migrations", {}, "read"],
    ["detect_drift", {}, "read"],
    ["check_migrations", {}, "read"],
    ["execute_sql", { query: "select 1" }, "read"],
    ["execute_sql", { query: "select 1", write: false }, "read"],
    ["execute_sql", { query: "delete from t", write: true }, "write"],
    ["execute_sql", { query: "delete from t", write: "true" }, "write"],
    ["create_migration", { name: "a", query: "select 1" }, "write"],
    ["apply_migration", {}, "write"],
    ["apply_migration", { dry_run: true }, "write"],
    ["reconcile_history", {}, "admin"],
    ["create_baseline", {}, "admin"],
  ] as const;

  it.each(["read", "write", "admin"] as const)("%s allows what it says and no more", async (scope) => {
    const engine = fakeEngine();
    const { token: held, kept } = makeToken({ name: "ci", scope, ...week });
    const file = { ...emptyTokenFile(), tokens: [kept] };
    running = await serveHttp(
      {
        makeServer: (confirmations) =>
          createServer({ engine, version: "1", reportFault: () => undefined }, confirmations),
      },
      { credentials: { readTokens: () => file } },
    );
    const order = ["read", "write", "admin"];
    for (const [name, args, needed] of calls) {
      const before = engine.calls.length;
      const answer = await (await call(name, args, `Bearer ${held}`)).text();
      const isAllowed = order.indexOf(scope) >= order.indexOf(needed);
      expect({ name, args, isRefused: answer.includes('"code":"scope_required"') }).toEqual({
        name,
        args,
        isRefused: !isAllowed,
      });
      if (!isAllowed) expect(engine.calls.length).toBe(before);
    }
  });
});
