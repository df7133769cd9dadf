// Measures spawn → initialize → tools/list of the built program beside a bare Node process, in turns, and prints the ratio.
// Usage: node bench/startup.mjs [runs] [program]
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { median } from "./workbench.mjs";

const runs = Number(process.argv[2] ?? 20);
const program = process.argv[3] ?? fileURLToPath(new URL("../dist/godwit.js", import.meta.url));
const bare = fileURLToPath(new URL("bare-server.mjs", import.meta.url));

const times = { bare: [], godwit: [] };
for (let run = 0; run < runs + 1; run += 1) {
  const bareMs = await timeToTools(bare);
  const godwitMs = await timeToTools(program);
  // The first round reads the files from disk.
  if (run === 0) continue;
  times.bare.push(bareMs);
  times.godwit.push(godwitMs);
}

const bareMs = median(times.bare);
const godwitMs = median(times.godwit);
console.log(`bare Node    ${bareMs.toFixed(0)} ms (median of ${runs})`);
console.log(`godwit       ${godwitMs.toFixed(0)} ms`);
console.log(`ratio        ${(godwitMs / bareMs).toFixed(2)} (aim: 2.2 or less)`);

async function timeToTools(script) {
  const start = performance.now();
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "ignore"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  send(child, {
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "0" } },
  });
  await lines.next();
  send(child, { method: "notifications/initialized" });
  send(child, { id: 2, method: "tools/list", params: {} });
  await lines.next();
  const elapsed = performance.now() - start;
  child.stdin.end();
  await ended;
  return elapsed;
}

function send(child, message) {
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}
