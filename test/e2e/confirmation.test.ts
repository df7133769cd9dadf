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
describe.each(ways)("the built program and a client of %s", (way) => {
  const table = `t${way.replaceAll(/\W/g, "").toLowerCase()}`;
  const fillOf = (name: string) => ({
    name: `add_${name}`,
    query: `create table ${name} (id int); insert into ${name} values (1), (2);`,
  });
  const dropOf = (name: string) => ({ name: `drop_${name}`, query: `drop table ${name};` });

  it("asks the person, applies on a yes and not on a no", async () => {
    using project = temporaryProject();
    const asked: string[] = [];
    const answers: ("accept" | "decline")[] = ["decline", "accept"];
    const caller = await connect(way, project.folder, (message) => {
      asked.push(message);
      return answers.shift() ?? "decline";
    });
    try {
      expect(await caller.call("apply_migration", fillOf(table))).toMatchObject({ status: "applied" });
      const drop = dropOf(table);
      expect(await caller.call("apply_migration", drop)).toMatchObject({ error: { code: "not_confirmed" } });
      expect(await caller.call("apply_migration", drop)).toMatchObject({ status: "applied" });
      expect(asked).toHaveLength(2);
      expect(asked[0]).toContain(`drops table public.${table} (2 rows)`);
    } finally {
      await caller.close();
    }
  });

  it("wants the plan id from a client that can ask nobody", async () => {
    using project = temporaryProject();
    const caller = await connect(way, project.folder, undefined);
    try {
      const quiet = `${table}_quiet`;
      await caller.call("apply_migration", fillOf(quiet));
      const waiting = await caller.call("apply_migration", dropOf(quiet));
      expect(waiting).toMatchObject({ status: "confirmation_required", losses: [{ rows: 2 }] });
      const confirm = waiting["plan_id"];
      expect(await caller.call("apply_migration", { ...dropOf(quiet), confirm })).toMatchObject({
        status: "applied",
      });
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
