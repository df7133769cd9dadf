import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { cleanEnv, program, runProgram, serveProgram, temporaryProject } from "./program.ts";

const password = "pw-that-nobody-may-see";
/** Nothing listens on port 1. */
const unreachable = `postgresql://me:${password}@127.0.0.1:1/app`;

function request(id: number, method: string, params: object = {}): string {
  return `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;
}

function idsIn(printed: string): readonly number[] {
  return [...printed.matchAll(/"id":(\d+)/g)].map(([, id]) => Number(id));
}

const opening =
  request(1, "initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  }) + `${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`;

describe("the program over a pipe", () => {
  it("writes nothing but the protocol to stdout, whatever fails and however much is logged", async () => {
    using project = temporaryProject();
    const child = spawn(process.execPath, [program, "--log-level", "trace", "--database-url", unreachable], {
      cwd: project.folder,
      env: cleanEnv(),
    });
    const printed = Promise.all([text(child.stdout), text(child.stderr)]);
    const answers: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => answers.push(chunk.toString()));
    child.stdin.write(opening);
    child.stdin.write("this is no JSON\n");
    child.stdin.write(request(2, "tools/call", { name: "list_migrations", arguments: {} }));
    child.stdin.write(request(3, "tools/call", { name: "apply_migration", arguments: { sql: 1 } }));
    child.stdin.write(request(4, "tools/call", { name: "no_such_tool", arguments: {} }));
    child.stdin.write(request(5, "tools/list"));
    await vi.waitFor(() => expect(idsIn(answers.join(""))).toEqual(expect.arrayContaining([1, 2, 3, 4, 5])), {
      timeout: 60_000,
    });
    child.stdin.end();
    await once(child, "close");
    const [stdout, stderr] = await printed;
    const messages = stdout
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    for (const message of messages) expect(message).toMatchObject({ jsonrpc: "2.0" });
    expect(messages.length).toBeGreaterThanOrEqual(5);
    expect(stdout).toContain("target_unreachable");
    expect(stdout + stderr).not.toContain(password);
  });

  it("answers before it touches database or disk, and leaves soon after its input ends", async () => {
    using project = temporaryProject();
    const child = spawn(process.execPath, [program], { cwd: project.folder, env: cleanEnv() });
    child.stdin.write(opening + request(2, "tools/list"));
    await once(child.stdout, "data");
    const start = performance.now();
    child.stdin.end();
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(0);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(existsSync(join(project.folder, ".godwit"))).toBe(false);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends well on %s", async (signal) => {
    using project = temporaryProject();
    const child = spawn(process.execPath, [program], { cwd: project.folder, env: cleanEnv() });
    child.stdin.write(opening);
    await once(child.stdout, "data");
    child.kill(signal);
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(0);
  });
});

describe("a command", () => {
  const memory = ["--data-dir", "memory"];

  it.each([
    ["list-migrations", ["list-migrations", "--json", "--all", ...memory], 0],
    ["detect-drift", ["detect-drift", "--json", ...memory], 0],
    ["execute-sql with refused DDL", ["execute-sql", "drop table x", "--json", ...memory], 4],
    ["execute-sql with wrong SQL", ["execute-sql", "selct 1", "--json", ...memory], 1],
    ["a wrong flag", ["list-migrations", "--jsn", "--json"], 2],
    ["a wrong argument", ["list-migrations", "--limit", "many", "--json"], 2],
    ["a wrong command", ["list-migratoins", "--json"], 2],
    ["an unreachable target", ["list-migrations", "--json", "--database-url", unreachable], 3],
    [
      "a read-only server",
      ["apply-migration", "--name", "x", "--query", "select 1", "--json", "--read-only", ...memory],
      4,
    ],
  ])("prints one JSON document and exits as said: %s", async (_name, args, code) => {
    using project = temporaryProject();
    const run = await runProgram(args, { folder: project.folder });
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code, stderr: "" });
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    const document: unknown = JSON.parse(lines[0] ?? "");
    expect(document).toHaveProperty(code === 0 ? "summary" : "error.code");
    expect(run.stdout).not.toContain(password);
  });

  it("reads SQL from stdin and from a file", async () => {
    using project = temporaryProject();
    const { folder } = project;
    await writeFile(join(folder, "question.sql"), "select 41 + 1 as answer");
    const fromFile = await runProgram(["execute-sql", "--query-file", "question.sql", "--json", ...memory], {
      folder,
    });
    const fromStdin = await runProgram(["execute-sql", "-", "--json", ...memory], {
      folder,
      stdin: "select 41 + 1 as answer",
    });
    expect(JSON.parse(fromFile.stdout)).toMatchObject({ rows: [{ answer: 42 }] });
    expect(JSON.parse(fromStdin.stdout)).toMatchObject({ rows: [{ answer: 42 }] });
  });

  it("exits 1 where it found drift", async () => {
    using project = temporaryProject();
    const folder = join(project.folder, "migrations");
    await mkdir(folder);
    await writeFile(join(folder, "20200101000000_one.sql"), "create table one (id int);");
    const data = ["--data-dir", join(project.folder, "data")];
    const applied = await runProgram(["apply-migration", "--json", ...data], project);
    expect(applied.code).toBe(0);
    await writeFile(join(folder, "20200101000000_one.sql"), "create table other (id int);");
    const run = await runProgram(["detect-drift", "--json", ...data], project);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ has_drift: true });
  });

  it("speaks to people without colours where nobody watches", async () => {
    using project = temporaryProject();
    const run = await runProgram(
      ["execute-sql", "select 1 as one, e'\\x1b[31mred' as other", ...memory],
      project,
    );
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("one");
    expect(run.stdout).not.toContain("\u001b");
  });
});

describe("help", () => {
  it.each([[["--help"]], [["apply-migration", "--help"]]])(
    "explains %j without reading any secret out",
    async (args) => {
      using project = temporaryProject();
      const env = { DATABASE_URL: unreachable, GODWIT_TOKEN: `token-${password}` };
      const run = await runProgram(args, { folder: project.folder, env });
      expect(run.code).toBe(0);
      expect(run.stdout).toContain("apply-migration");
      expect(run.stdout + run.stderr).not.toContain(password);
    },
  );
});

describe("the program over HTTP", () => {
  it("prints how to connect, tells its health without secrets, and ends well", async () => {
    using project = temporaryProject();
    const served = await serveProgram(["--database-url", unreachable], { folder: project.folder });
    const health = await fetch(new URL("/health", served.url));
    expect(await health.json()).toEqual({ status: "ok", name: "godwit", version: expect.any(String) });
    expect(served.printed()).toContain(`"url":"${served.url}"`);
    expect(served.printed()).toContain("127.0.0.1:1/app");
    const refused = await fetch(served.url, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(refused.status).toBe(401);
    expect(await refused.text()).not.toContain(served.token);
    expect(await served.stop()).toBe(0);
    expect(served.printed()).not.toContain(password);
  });

  it("does not repeat a token that it was given", async () => {
    using project = temporaryProject();
    const token = `token-${password}`;
    const served = await serveProgram([], { folder: project.folder, env: { GODWIT_TOKEN: token } });
    await served.stop();
    expect(served.printed()).not.toContain(token);
  });

  it("says so where the address is taken", async () => {
    using project = temporaryProject();
    const served = await serveProgram([], { folder: project.folder });
    const run = await runProgram(["--http", new URL(served.url).host], { folder: project.folder });
    await served.stop();
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("Cannot listen");
  });
});
