// Runs the suite's command once for each given list of arguments, in this one process.
import { fileURLToPath } from "node:url";
import { provideGlobSync } from "./glob-sync.mjs";

const suite = new URL("../../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url)
  .href;
provideGlobSync();
const lines = JSON.parse(process.argv[2]);
console.log = console.error;
for (const [index, args] of lines.entries()) await run(args, index);
// Connections that the suite leaves open would keep this process alive.
process.exit(0);

/** The command ends by leaving the process; each run gets its own copy of the module. */
async function run(args, index) {
  process.argv = [process.execPath, fileURLToPath(suite), ...args];
  const leave = process.exit;
  const left = new Promise((resolve) => {
    process.exit = resolve;
  });
  await import(`${suite}?run=${index}`);
  await left;
  process.exit = leave;
}
