import { createEngine } from "../../src/engine/index.ts";

/**
 * Applies all pending files of a folder: `runner <url> <project folder> [<hours>]`, and finds their ways back where they can be
 * undone for so many hours. Prints `ready`, the kind of each event, and the report
 * as its last line. Bundled by the tests and run as a process of its own.
 */
const [url = "", projectDir = "", hours = "0"] = process.argv.slice(2);
const engine = createEngine({
  target: { kind: "postgres", url },
  projectDir,
  readOnly: false,
  lockTimeoutMs: 500,
  lockWaitMs: 120_000,
  statementTimeoutMs: 60_000,
  queryTimeoutMs: 5_000,
  rollbackWindowHours: Number(hours),
  observe: ({ kind }) => console.log(kind),
});
console.log("ready");
console.log(JSON.stringify(await engine.applyMigration({}, {})));
await engine.close();
