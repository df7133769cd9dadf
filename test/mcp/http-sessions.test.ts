import { afterEach, describe, expect, it } from "vitest";
import { createHttpSessions, type HttpSessions } from "../../src/mcp/http-sessions.ts";
import { createConfirmations } from "../../src/mcp/confirmation.ts";
import { createServer } from "../../src/mcp/create-server.ts";
import { fakeEngine } from "./fake-engine.ts";

let sessions: HttpSessions | undefined;
let clock = 0;
afterEach(async () => sessions?.close());

function start(most = 10): HttpSessions {
  clock = 0;
  const parts = { engine: fakeEngine(), version: "1.2.3", reportFault: () => undefined };
  const confirmations = createConfirmations(new Uint8Array(32));
  sessions = createHttpSessions({
    makeServer: () => createServer(parts, confirmations),
    onError: () => undefined,
    now: () => clock,
    most,
    idleMs: 1000,
  });
  return sessions;
}

function send(body: object, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request("http://localhost/mcp", {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }),
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
      ...headers,
    },
  });
}

function initialize(capabilities: object): Request {
  const clientInfo = { name: "raw", version: "1" };
  return send({
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities, clientInfo },
  });
}

const alice = { authInfo: { token: "", clientId: "alice", scopes: [] } };
const bob = { authInfo: { token: "", clientId: "bob", scopes: [] } };

async function open(from: HttpSessions): Promise<string> {
  const answer = await from.serve(initialize({ elicitation: {} }), alice);
  const id = answer?.headers.get("mcp-session-id");
  if (typeof id !== "string") throw new Error("No session was opened.");
  return id;
}

async function listStatus(from: HttpSessions, id: string, who = alice): Promise<number | undefined> {
  return (await from.serve(send({ method: "tools/list" }, { "mcp-session-id": id }), who))?.status;
}

describe("a session over HTTP", () => {
  it("is opened for a client that can be asked, and for no other", async () => {
    const opened = start();
    expect(await opened.serve(initialize({}), alice)).toBeUndefined();
    expect(await opened.serve(initialize({ roots: {} }), alice)).toBeUndefined();
    expect(await opened.serve(send({ method: "tools/list" }), alice)).toBeUndefined();
    expect(await listStatus(opened, await open(opened))).toBe(200);
  });

  it("is not there for anybody else, nor where its id is made up", async () => {
    const opened = start();
    const id = await open(opened);
    expect(await listStatus(opened, id, bob)).toBe(404);
    expect(await listStatus(opened, "made-up")).toBe(404);
  });

  it("ends where its client deletes it", async () => {
    const opened = start();
    const id = await open(opened);
    const headers = { "mcp-session-id": id, "mcp-protocol-version": "2025-11-25" };
    const request = new Request("http://localhost/mcp", { method: "DELETE", headers });
    expect((await opened.serve(request, alice))?.status).toBe(200);
    expect(await listStatus(opened, id)).toBe(404);
  });

  it("gives way once it is idle; until then the next client goes without", async () => {
    const opened = start(1);
    const first = await open(opened);
    clock = 900;
    expect(await opened.serve(initialize({ elicitation: {} }), alice)).toBeUndefined();
    expect(await listStatus(opened, first)).toBe(200);
    clock = 1950;
    const second = await open(opened);
    expect(await listStatus(opened, first)).toBe(404);
    expect(await listStatus(opened, second)).toBe(200);
  });
});
