// `npm start`: makes the checkout ready and serves HTTP; further arguments are settings of the program (npm start -- --read-only).
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { prepare } from "./prepare.mjs";

await prepare();
const program = fileURLToPath(new URL("../dist/godwit.js", import.meta.url));
const given = process.argv.slice(2);
const address = given.some((word) => word === "--http" || word.startsWith("--http=")) ? [] : ["--http"];
const child = spawn(process.execPath, [program, ...address, ...given], { stdio: "inherit" });
// The terminal signals the whole group; a supervisor signals this process only.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
