import { afterEach, describe, expect, it } from "vitest";
import type { RunningHttp } from "../../src/mcp/http.ts";
import { serveHttp, token } from "./serve-http.ts";

let running: RunningHttp | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(): Promise<string> {
  running = await serveHttp();
  return running.url;
}

async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    body,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
  });
}

const listTools = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });

describe("the HTTP server", () => {
  it("serves a caller with the token", async () => {
    const answer = await post(await start(), listTools);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("apply_migration");
  });

  it("refuses a body over four megabytes, announced or not", async () => {
    const url = await start();
    const big = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { x: "x".repeat(4 * 1024 * 1024) },
    });
    expect((await post(url, big)).status).toBe(413);
    const stream = new Blob([big]).stream();
    const init: RequestInit = {
      method: "POST",
      body: stream,
      duplex: "half",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    };
    expect((await fetch(url, init)).status).toBe(413);
  });

  it("refuses before it reads a body", async () => {
    const url = await start();
    const answer = await post(url, "x".repeat(3 * 1024 * 1024), { authorization: "Bearer wrong" });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
  });

  it.each(["not json", "", "[1"])("answers the body %j as the protocol says", async (body) => {
    expect((await post(await start(), body)).status).toBe(400);
  });

  it("has no stream for GET and no session for DELETE", async () => {
    const url = await start();
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(url, { headers })).status).toBe(405);
    expect((await fetch(url, { method: "DELETE", headers })).status).toBe(405);
  });

  it("lets a page on loopback read its answers", async () => {
    const answer = await post(await start(), listTools, { origin: "http://localhost:6274" });
    expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:6274");
  });

  it("listens no more once it is closed", async () => {
    const url = await start();
    await running?.close();
    running = undefined;
    await expect(post(url, listTools)).rejects.toThrow();
  });
});
