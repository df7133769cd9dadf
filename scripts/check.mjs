// Runs the checks that need no database: types, lint, format, unused code, and whether the package can be published.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const checks = [
  { name: "types", command: "tsc", args: [] },
  { name: "lint", command: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { name: "format", command: "oxfmt", args: ["--check", "."] },
  { name: "unused code", command: "knip", args: ["--no-progress"] },
  { name: "package", command: "publint", args: ["--strict"] },
];

/** Runs all checks, two at a time, says how each went, and answers how many passed and failed, and what the failed ones print. */
export async function runChecks() {
  const waiting = [...checks];
  const results = [];
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
      results.push(await runCheck(check));
  };
  await Promise.all([work(), work()]);
  const failures = results.filter((printed) => printed !== undefined);
  return { passed: results.length - failures.length, failed: failures.length, printed: failures.join("\n") };
}

/** What a failed check prints; undefined where it passed. */
async function runCheck({ name, command, args }) {
  const start = performance.now();
  const child = spawn(process.execPath, [binaryOf(command), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = [];
  child.stdout.on("data", (chunk) => printed.push(chunk));
  child.stderr.on("data", (chunk) => printed.push(chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  return code === 0 ? undefined : `FAIL ${name}\n${Buffer.concat(printed).toString("utf8")}`;
}

function binaryOf(command) {
  return join(root, "node_modules", ".bin", command);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { prepare } = await import("./prepare.mjs");
  await prepare();
  const { failed, printed } = await runChecks();
  if (failed > 0) console.log(printed);
  process.exitCode = failed === 0 ? 0 : 1;
}
