// Many clients at once over HTTP against the built program: readers and writers, each with a token of its own.
// node bench/http-load.mjs [--seconds 60] [--clients 200] [--writers 20] [--postgres]
// The embedded database; with --postgres a server of its own; or GODWIT_DATABASE_URL.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundleSources } from "./workbench.mjs";

const program = fileURLToPath(new URL("../dist/godwit.js", import.meta.url));
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    clients: { type: "string", default: "200" },
    writers: { type: "string", default: "20" },
    postgres: { type: "boolean", default: false },
  },
});
const [seconds, clients, writers] = [values.seconds, values.clients, values.writers].map(Number);

/** What a writer is told while another one works. */
const honestRefusals = [
  "lock_not_available",
  "pending_first",
  "plan_is_stale",
  "version_taken",
  "name_taken",
  "out_of_order",
];

const folder = mkdtempSync(join(tmpdir(), "godwit-load-"));
const tokens = [addToken("reader", "read"), addToken("writer", "write")];
const database = values.postgres ? await startPostgres() : undefined;
const server = spawn(process.execPath, [program, "--http", "--rate-limit", "0", "--log-level", "error"], {
  cwd: folder,
  stdio: ["ignore", "pipe", "inherit"],
  env: { ...process.env, ...(database === undefined ? {} : { GODWIT_DATABASE_URL: database.url }) },
});
try {
  const url = await readUrl();
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const post = (token, name, args) => callTool({ url, agent, token }, name, args);
  const begun = await post(tokens[1], "apply_migration", {
    name: "load",
    query: "create table public.load (id bigint generated always as identity primary key, note text);",
  });
  if (begun !== "ok apply_migration") throw new Error(`The first migration: ${begun}`);
  const latencies = new Map();
  const memory = [];
  const sampler = setInterval(() => memory.push(readMemory(server.pid)), 1000);
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: clients }, async (_, index) => {
      for (let turn = 0; performance.now() < end; turn += 1) {
        const start = performance.now();
        const outcome = await runTurn(post, { index, turn, isWriter: index < writers });
        const role = index < writers ? "writer" : "reader";
        const key = `${role} ${outcome}`;
        latencies.set(key, [...(latencies.get(key) ?? []), performance.now() - start]);
      }
    }),
  );
  clearInterval(sampler);
  agent.destroy();
  report({ latencies, memory });
} finally {
  server.kill("SIGTERM");
  await new Promise((resolve) => server.once("close", resolve));
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function startPostgres() {
  const exported = `export { startServer } from "./test/support/postgres-server.ts";`;
  const { startServer } = await bundleSources(exported);
  return startServer({ major: 17 });
}

/** Readers list, read rows and the schema's state; writers change rows, and a tenth of their turns apply a migration. */
async function runTurn(post, { index, turn, isWriter }) {
  const token = tokens[isWriter ? 1 : 0];
  if (isWriter && turn % 10 === 9) {
    const query = `comment on table public.load is 'by ${index} in turn ${turn}';`;
    return post(token, "apply_migration", { name: `note_${index}_${turn}`, query });
  }
  if (isWriter)
    return post(token, "execute_sql", {
      query: `insert into public.load (note) values ('${index}')`,
      write: true,
    });
  return turn % 2 === 0
    ? post(token, "list_migrations", { limit: 10 })
    : post(token, "execute_sql", { query: "select count(*) from public.load" });
}

/** `ok`, `refused: <code>`, `error: <code>` or `http <status>`. */
async function callTool({ url, agent, token }, name, args) {
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: args },
  });
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    accept: "application/json, text/event-stream",
  };
  const answer = await new Promise((resolve) => {
    const outgoing = request(url, { method: "POST", agent, headers }, (incoming) => {
      let read = "";
      incoming.on("data", (chunk) => (read += chunk));
      incoming.on("end", () => resolve({ status: incoming.statusCode, read }));
      incoming.on("error", () => resolve({ status: 0, read: "" }));
    });
    outgoing.on("error", (error) => resolve({ status: 0, read: String(error.code) }));
    outgoing.end(body);
  });
  if (answer.status !== 200) return `http ${answer.status} ${answer.status === 0 ? answer.read : ""}`.trim();
  const { result, error } = JSON.parse(/^data: (\{.*)$/m.exec(answer.read)?.[1] ?? answer.read);
  if (error !== undefined) return `protocol error ${error.code}`;
  const code = result.structuredContent.error?.code;
  if (code === undefined) return `ok ${name}`;
  return honestRefusals.includes(code) ? `refused ${code}` : `error ${code}`;
}

function report({ latencies, memory }) {
  const all = [...latencies.values()].flat();
  console.log(`${clients} clients (${writers} writers), ${seconds} s, ${all.length} calls`);
  for (const [outcome, list] of [["all", all], ...latencies]) {
    const sorted = list.toSorted((a, b) => a - b);
    const at = (part) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
    console.log(`  ${outcome}: ${list.length}; ms: median ${at(0.5)}, 95 % ${at(0.95)}, longest ${at(1)}`);
  }
  const half = memory.slice(Math.floor(memory.length / 2));
  const mean = (list) => Math.round(list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length));
  console.log(
    `memory MB: after 1 s ${memory[0]}, third quarter ${mean(half.slice(0, half.length / 2))}, last quarter ${mean(half.slice(half.length / 2))}`,
  );
  const isWrong = [...latencies.keys()].some(
    (key) => /^\w+ (error|http|protocol)/.test(key) && !key.endsWith(" http 429"),
  );
  process.exitCode = isWrong ? 1 : 0;
}

function addToken(name, scope) {
  const args = [program, "token", "add", "--name", name, "--scope", scope, "--json"];
  return JSON.parse(spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stdout).token;
}

async function readUrl() {
  let printed = "";
  for await (const chunk of server.stdout) {
    printed += chunk;
    const found = /^url +(\S+)/m.exec(printed);
    if (found !== null) return found[1];
  }
  throw new Error("The program did not start to serve.");
}

/** Resident memory in MB, where the system tells (Linux). */
function readMemory(pid) {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return Math.round((pages * 4096) / 1024 / 1024);
}
