import { Client as ModernClient, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OlderHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { cleanEnv, program, serveProgram, temporaryProject, type Served } from "./program.ts";

interface Answer {
  readonly isError: boolean;
  readonly report: Readonly<Record<string, unknown>>;
}

interface Caller {
  readonly listTools: () => Promise<number>;
  readonly call: (name: string, args: Record<string, unknown>) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

function toAnswer(result: { readonly [key: string]: unknown }): Answer {
  expect(result["content"]).toEqual([{ type: "text", text: JSON.stringify(result["structuredContent"]) }]);
  return {
    isError: result["isError"] === true,
    report: result["structuredContent"] as Readonly<Record<string, unknown>>,
  };
}

function modernCaller(client: ModernClient): Caller {
  return {
    listTools: async () => (await client.listTools()).tools.length,
    call: async (name, args) => toAnswer(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

function olderCaller(client: OlderClient): Caller {
  return {
    listTools: async () => (await client.listTools()).tools.length,
    call: async (name, args) => toAnswer(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

function stdioOf(folder: string): {
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  stderr: "ignore";
} {
  const args = [program, "--data-dir", "memory"];
  return { command: process.execPath, args, env: cleanEnv(), cwd: folder, stderr: "ignore" };
}

interface Way {
  readonly name: string;
  readonly connect: (folder: string, served: () => Promise<Served>) => Promise<Caller>;
}

const ways: readonly Way[] = [
  {
    name: "the current client over stdio",
    connect: async (folder) => {
      const client = new ModernClient(
        { name: "e2e", version: "1" },
        { versionNegotiation: { mode: "auto" } },
      );
      await client.connect(new StdioClientTransport(stdioOf(folder)));
      return modernCaller(client);
    },
  },
  {
    name: "the older client over stdio",
    connect: async (folder) => {
      const client = new OlderClient({ name: "e2e", version: "1" });
      await client.connect(new OlderStdio(stdioOf(folder)));
      return olderCaller(client);
    },
  },
  {
    name: "the current client over HTTP",
    connect: async (_folder, served) => {
      const { url, token } = await served();
      const client = new ModernClient(
        { name: "e2e", version: "1" },
        { versionNegotiation: { mode: "auto" } },
      );
      const requestInit = { headers: { Authorization: `Bearer ${token}` } };
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
      return modernCaller(client);
    },
  },
  {
    name: "the older client over HTTP",
    connect: async (_folder, served) => {
      const { url, token } = await served();
      const client = new OlderClient({ name: "e2e", version: "1" });
      const requestInit = { headers: { Authorization: `Bearer ${token}` } };
      const transport = new OlderHttp(new URL(url), { requestInit });
      await client.connect(transport);
      return olderCaller(client);
    },
  },
];

describe.each(ways)("$name", ({ connect }) => {
  it("writes, rehearses, applies and reads a migration with the built program", async () => {
    using project = temporaryProject();
    let running: Served | undefined;
    const served = async (): Promise<Served> =>
      (running ??= await serveProgram(["--data-dir", "memory"], { folder: project.folder }));
    const caller = await connect(project.folder, served);
    try {
      expect(await caller.listTools()).toBeGreaterThanOrEqual(5);
      expect((await caller.call("list_migrations", {})).report).toMatchObject({ migrations: [] });
      expect(existsSync(join(project.folder, ".godwit"))).toBe(false);

      const created = await caller.call("create_migration", {
        name: "add_notes",
        query: "create table public.notes (id int primary key);",
      });
      expect(created).toMatchObject({ isError: false, report: { name: "add_notes" } });

      const rehearsed = await caller.call("apply_migration", { dry_run: true });
      expect(rehearsed.report).toMatchObject({ status: "rehearsed" });
      const applied = await caller.call("apply_migration", { confirm: rehearsed.report["plan_id"] });
      expect(applied.report).toMatchObject({ status: "applied" });

      const second = await caller.call("apply_migration", {
        name: "fill_notes",
        query: "insert into public.notes values (1), (2);",
      });
      expect(second.report).toMatchObject({ status: "applied" });
      const read = await caller.call("execute_sql", {
        query: "select count(*)::int as notes from public.notes",
      });
      expect(read.report).toMatchObject({ rows: [{ notes: 2 }], truncated: false });
      expect((await caller.call("detect_drift", {})).report).toMatchObject({ has_drift: false });
      expect(readdirSync(join(project.folder, "migrations"))).toHaveLength(2);

      const refused = await caller.call("execute_sql", { query: "drop table public.notes" });
      expect(refused).toMatchObject({ isError: true, report: { error: { code: "ddl_refused" } } });
    } finally {
      await caller.close();
      await running?.stop();
    }
  });
});

const inspector = fileURLToPath(
  new URL("../../node_modules/@modelcontextprotocol/inspector/cli/build/cli.js", import.meta.url),
);

/** What the Inspector's command line prints as JSON, of a server that it starts or whose address it is given. */
async function inspect(
  args: readonly string[],
  folder: string,
  server: readonly string[] = [process.execPath, program],
): Promise<unknown> {
  const line = [inspector, "--cli", ...server, ...args];
  const stdio = ["ignore", "pipe", "ignore"] as const;
  const child = spawn(process.execPath, line, { cwd: folder, env: cleanEnv(), stdio: [...stdio] });
  const [printed] = await Promise.all([text(child.stdout), once(child, "close")]);
  return JSON.parse(printed);
}

/** Adds the token, which this version of the Inspector's command line cannot send, and hands on everything else as it is. */
async function openDoor({
  url,
  token,
}: Served): Promise<{ readonly url: string; readonly close: () => void }> {
  const door = createServer((incoming, outgoing) => {
    const { host: _, ...headers } = incoming.headers;
    const options = {
      method: incoming.method ?? "GET",
      headers: { ...headers, authorization: `Bearer ${token}` },
    };
    const passed = request(url, options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  const { port } = door.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/mcp`, close: () => void door.close() };
}

describe("the Inspector's command line", () => {
  it("lists the tools and calls one over HTTP", async () => {
    using project = temporaryProject();
    const served = await serveProgram(["--data-dir", "memory"], { folder: project.folder });
    const door = await openDoor(served);
    try {
      const listed = await inspect(["--method", "tools/list"], project.folder, [door.url]);
      expect(JSON.stringify(listed)).toContain('"apply_migration"');
      const call = ["--method", "tools/call", "--tool-name", "list_migrations"];
      expect(await inspect(call, project.folder, [door.url])).toMatchObject({
        structuredContent: { migrations: [] },
      });
      const asked = [...call, "--tool-arg", "cursor=nonsense"];
      expect(await inspect(asked, project.folder, [door.url])).toMatchObject({
        isError: true,
        structuredContent: { error: { code: "invalid_cursor" } },
      });
    } finally {
      door.close();
      await served.stop();
    }
  });

  it("lists the tools and calls one", async () => {
    using project = temporaryProject();
    const listed = await inspect(["--method", "tools/list"], project.folder);
    expect(JSON.stringify(listed)).toContain('"apply_migration"');
    const call = ["--method", "tools/call", "--tool-name", "list_migrations"];
    expect(await inspect(call, project.folder)).toMatchObject({ structuredContent: { migrations: [] } });
  });
});
