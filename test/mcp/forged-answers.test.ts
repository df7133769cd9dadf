import { randomBytes } from "node:crypto";
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  createMcpHandler,
  PROTOCOL_VERSION_META_KEY,
} from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ApplyMigrationReport } from "../../src/engine/index.ts";
import { createConfirmations } from "../../src/mcp/confirmation.ts";
import { createServer } from "../../src/mcp/create-server.ts";
import { fakeEngine } from "./fake-engine.ts";

const planId = "1234abcd".repeat(8);
const asking: ApplyMigrationReport = {
  summary: "It drops table public.orders (3 rows). Cannot come back: its rows.",
  target: "shop",
  status: "confirmation_required",
  plan_id: planId,
  migrations: [],
};
const accepted = { confirm: { action: "accept", content: {} } };

type Json = Readonly<Record<string, unknown>>;

let closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings) await close();
  closings = [];
});

/** A server that is asked with raw requests of 2026-07-28, as a hostile client can send them. */
function serve(key = randomBytes(32)) {
  const engine = fakeEngine({
    applyMigration: async (_request, { approvedPlan }) =>
      approvedPlan === planId ? { ...asking, status: "applied" } : asking,
    createMigration: () => Promise.reject(new Error("not asked for")),
  });
  const confirmations = createConfirmations(key);
  const parts = { engine, version: "0.0.0", reportFault: () => undefined };
  const handler = createMcpHandler(() => createServer(parts, confirmations));
  closings.push(() => handler.close());
  const call = async (name: string, args: Json, more: Json = {}): Promise<Json> => {
    const meta = {
      [PROTOCOL_VERSION_META_KEY]: "2026-07-28",
      [CLIENT_INFO_META_KEY]: { name: "raw", version: "1" },
      [CLIENT_CAPABILITIES_META_KEY]: { elicitation: {} },
    };
    const body = {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name, arguments: args, _meta: meta, ...more },
    };
    const response = await handler.fetch(
      new Request("http://localhost/mcp", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": name,
        },
        body: JSON.stringify(body),
      }),
    );
    return (await response.json()) as Json;
  };
  return { call, engine };
}

function resultOf(answer: Json): Json {
  return (answer["result"] ?? {}) as Json;
}

async function stateOf(call: ReturnType<typeof serve>["call"], args: Json = {}): Promise<string> {
  return String(resultOf(await call("apply_migration", args))["requestState"]);
}

describe("an answer to a question about what is destroyed", () => {
  it("passes once, with the state of the question and the same call", async () => {
    const { call } = serve();
    const requestState = await stateOf(call);
    const more = { inputResponses: accepted, requestState };
    expect(resultOf(await call("apply_migration", {}, more))["structuredContent"]).toMatchObject({
      status: "applied",
    });
    expect(resultOf(await call("apply_migration", {}, more))).toMatchObject({
      isError: true,
      structuredContent: { error: { code: "not_confirmed" } },
    });
  });

  it("without a question before it is no answer: the question is asked", async () => {
    const { call, engine } = serve();
    const result = resultOf(await call("apply_migration", {}, { inputResponses: accepted }));
    expect(result["resultType"]).toBe("input_required");
    expect(engine.calls.map(({ context }) => context.approvedPlan)).toEqual([undefined]);
  });

  it.each([
    ["made up", () => "v1.e30.AAAA"],
    [
      "changed in one character",
      (state: string) => state.replace(/.$/, (last) => (last === "A" ? "B" : "A")),
    ],
    ["empty", () => ""],
  ])("with a state that is %s is refused, or asked anew, and never passes", async (_, change) => {
    const { call, engine } = serve();
    const requestState = change(await stateOf(call));
    await call("apply_migration", {}, { inputResponses: accepted, requestState });
    expect(engine.calls.every(({ context }) => context.approvedPlan === undefined)).toBe(true);
  });

  it("signed by another server is refused, and by a replica with the same key it passes", async () => {
    const key = randomBytes(32);
    const requestState = await stateOf(serve(key).call);
    const more = { inputResponses: accepted, requestState };
    const other = serve();
    expect(await other.call("apply_migration", {}, more)).toMatchObject({ error: { code: -32602 } });
    expect(other.engine.calls).toEqual([]);
    const replica = await serve(key).call("apply_migration", {}, more);
    expect(resultOf(replica)["structuredContent"]).toMatchObject({ status: "applied" });
  });

  it("that comes after ten minutes is refused", async () => {
    const { call, engine } = serve();
    const requestState = await stateOf(call);
    vi.setSystemTime(Date.now() + 601_000);
    const late = await call("apply_migration", {}, { inputResponses: accepted, requestState });
    vi.useRealTimers();
    expect(late).toMatchObject({ error: { code: -32602 } });
    expect(engine.calls).toHaveLength(1);
  });

  it("for other arguments, or another tool, does not pass", async () => {
    const { call, engine } = serve();
    const requestState = await stateOf(call, { version: "20260101000000" });
    const more = { inputResponses: accepted, requestState };
    for (const [tool, args] of [
      ["apply_migration", { version: "20260101000001" }],
      ["apply_migration", {}],
      ["execute_sql", { query: "delete from orders", write: true }],
    ] as const)
      expect(resultOf(await call(tool, args, more))).toMatchObject({
        isError: true,
        structuredContent: { error: { code: "not_confirmed" } },
      });
    expect(engine.calls).toHaveLength(1);
  });
});
