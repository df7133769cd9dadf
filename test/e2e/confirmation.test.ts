import { Client as ModernClient, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OlderHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanEnv, program, runProgram, serveProgram, temporaryProject, type Served } from "./program.ts";

type Report = Readonly<Record<string, unknown>>;
type Person = (message: string) => "accept" | "decline";

interface Caller {
  readonly call: (name: string, args: Record<string, unknown>) => Promise<Report>;
  readonly close: () => Promise<void>;
}

const info = { name: "e2e", version: "1" };
const http = temporaryProject();
let served: Served;

beforeAll(async () => {
  served = await serveProgram(["--data-dir", "memory"], { folder: http.folder });
});
afterAll(async () => {
  await served.stop();
  http[Symbol.dispose]();
});

function stdioOf(folder: string) {
  const args = [program, "--data-dir", "memory"];
  return { command: process.execPath, args, env: cleanEnv(), cwd: folder, stderr: "ignore" as const };
}

async function connect(way: string, folder: string, person: Person | undefined): Promise<Caller> {
  const requestInit = { headers: { Authorization: `Bearer ${served.token}` } };
  const capabilities = person === undefined ? {} : { capabilities: { elicitation: {} } };
  if (way.startsWith("2026")) {
    const client = new ModernClient(info, { versionNegotiation: { mode: "auto" }, ...capabilities });
    if (person !== undefined)
      client.setRequestHandler("elicitation/create", (request) => ({
        action: person(request.params.message),
      }));
    await client.connect(
      way.endsWith("stdio")
        ? new StdioClientTransport(stdioOf(folder))
        : new StreamableHTTPClientTransport(new URL(served.url), { requestInit }),
    );
    return {
      call: async (name, args) =>
        (await client.callTool({ name, arguments: args })).structuredContent as Report,
      close: () => client.close(),
    };
  }
  const client = new OlderClient(info, capabilities);
  if (person !== undefined)
    client.setRequestHandler(ElicitRequestSchema, (request) => ({ action: person(request.params.message) }));
  await client.connect(
    way.endsWith("stdio")
      ? new OlderStdio(stdioOf(folder))
      : new OlderHttp(new URL(served.url), { requestInit }),
  );
  return {
    call: async (name, args) =>
      (await client.callTool({ name, arguments: args }))["structuredContent"] as Report,
    close: () => client.close(),
  };
}

const ways = ["2026 over stdio", "2025 over stdio", "2026 over HTTP", "2025 over HTTP"];
/** Without a session there is no way to ask in the middle of a call. */
const cannotAsk = "2025 over HTTP";

describe.each(ways)("the built program and a client of %s", (way) => {
  const table = `t${way.replaceAll(/\W/g, "").toLowerCase()}`;
  const fill = `create table ${table} (id int); insert into ${table} values (1), (2);`;
  const drop = { name: `drop_${table}`, query: `drop table ${table};` };

  it("asks the person, applies on a yes and not on a no; without a person it wants the plan id", async () => {
    using project = temporaryProject();
    const asked: string[] = [];
    const answers: ("accept" | "decline")[] = ["decline", "accept"];
    const caller = await connect(way, project.folder, (message) => {
      asked.push(message);
      return answers.shift() ?? "decline";
    });
    try {
      expect(await caller.call("apply_migration", { name: `add_${table}`, query: fill })).toMatchObject({
        status: "applied",
      });
      if (way === cannotAsk) {
        const waiting = await caller.call("apply_migration", drop);
        expect(waiting).toMatchObject({ status: "confirmation_required", losses: [{ rows: 2 }] });
        const confirm = waiting["plan_id"];
        expect(await caller.call("apply_migration", { ...drop, confirm })).toMatchObject({
          status: "applied",
        });
        expect(asked).toEqual([]);
        return;
      }
      expect(await caller.call("apply_migration", drop)).toMatchObject({ error: { code: "not_confirmed" } });
      expect(await caller.call("apply_migration", drop)).toMatchObject({ status: "applied" });
      expect(asked).toHaveLength(2);
      expect(asked[0]).toContain(`drops table public.${table} (2 rows)`);
    } finally {
      await caller.close();
    }
  });
});

describe("a client of 2026 over HTTP that can ask nobody", () => {
  it("gets the plan id and repeats the call with it", async () => {
    using project = temporaryProject();
    const caller = await connect("2026 over HTTP", project.folder, undefined);
    try {
      const fill = "create table quiet (id int); insert into quiet values (1);";
      await caller.call("apply_migration", { name: "add_quiet", query: fill });
      const drop = { name: "drop_quiet", query: "drop table quiet;" };
      const { status, plan_id: confirm } = await caller.call("apply_migration", drop);
      expect(status).toBe("confirmation_required");
      expect(await caller.call("apply_migration", { ...drop, confirm })).toMatchObject({ status: "applied" });
    } finally {
      await caller.close();
    }
  });
});

describe("a command without a terminal", () => {
  it("exits with 4 and the plan id, and applies with --confirm", async () => {
    using project = temporaryProject();
    const run = (...args: string[]) => runProgram(["apply-migration", ...args], { folder: project.folder });
    const fill = "create table quiet (id int); insert into quiet values (1);";
    expect((await run("--name", "add_quiet", "--query", fill)).code).toBe(0);
    const drop = ["--name", "drop_quiet", "--query", "drop table quiet;"];
    const waiting = await run(...drop, "--json");
    expect(waiting.code).toBe(4);
    const { plan_id: planId } = JSON.parse(waiting.stdout) as { readonly plan_id: string };
    expect((await run(...drop, "--confirm", planId)).code).toBe(0);
  });
});
