import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { EngineError } from "../errors.ts";
import type { ReadMessage } from "./read-aside.ts";
import { readStatements, type MigrationSource } from "./read-statements.ts";

// The program of the thread that `readAside` starts; what it is given is made there.

/** Measured: so many are taken over in a few milliseconds. */
const statementsPerMessage = 500;

/** Waits until the caller has taken the message and had a turn for others. */
async function send(message: ReadMessage): Promise<void> {
  parentPort?.postMessage(message, []);
  if (parentPort !== null) await once(parentPort, "message");
}

try {
  const statements = await readStatements(workerData as MigrationSource);
  for (let from = 0; from < statements.length; from += statementsPerMessage)
    await send({ kind: "statements", statements: statements.slice(from, from + statementsPerMessage) });
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  const { code, message, details } = error;
  await send({ kind: "refused", code, message, details });
}
