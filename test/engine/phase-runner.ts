import { createEngine } from "../../src/engine/index.ts";

/** Runs one phase to its end: `phase-runner <url> <project folder> <phase>`. Prints `ready`, each batch, and the report as its last line. */
const [url = "", projectDir = "", phase = ""] = process.argv.slice(2);
const engine = createEngine({
  target: { kind: "postgres", url },
  projectDir,
  readOnly: false,
  lockTimeoutMs: 500,
  lockWaitMs: 120_000,
  statementTimeoutMs: 60_000,
  queryTimeoutMs: 5_000,
  observe: (event) => {
    if (event.kind === "batch_finished") console.log(`batch_finished ${event.rowsDone}`);
  },
});
console.log("ready");
console.log(JSON.stringify(await engine.runPhase({ phase }, { answerSize: "whole" })));
await engine.close();
