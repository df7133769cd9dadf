import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { EngineError } from "../errors.ts";
import { checkStatements, type CheckRequest, type CheckedStatements } from "./check-statements.ts";

/** Below this, reading takes less than the start of a thread (measured: 64 KB in 30 ms). */
const smallBytes = 64 * 1024;

/** Measured: 10 MB in 50,000 statements take 740 MB, and the caller waits 53 ms at most. */
const mostMemoryMb = 3_072;

/**
 * As `checkStatements`, on a thread of its own where the text is long, so that the caller stays responsive and memory is bounded.
 * Throws `sql_too_large` where that memory is not enough.
 */
export async function checkAside(request: CheckRequest): Promise<CheckedStatements> {
  const bytes = request.migrations.reduce((sum, { sql }) => sum + Buffer.byteLength(sql), 0);
  const program = bytes < smallBytes ? undefined : findProgram();
  return program === undefined ? checkStatements(request) : runAside(program, request);
}

/** In the built program it lies beside the bundle or one folder above its chunks; the source tree uses the built one. */
function findProgram(): string | undefined {
  const places = ["./check-thread.js", "../check-thread.js", "../../../dist/check-thread.js"];
  return places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((place) => existsSync(place));
}

function runAside(program: string, request: CheckRequest): Promise<CheckedStatements> {
  const worker = new Worker(program, {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    // A test runner's flags are none of the thread's.
    execArgv: [],
  });
  return new Promise<CheckedStatements>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", (error) => reject(translate(error)));
    worker.once("exit", (code) => {
      if (code !== 0) reject(new Error(`The checking thread ended with code ${code}.`));
    });
  }).finally(() => void worker.terminate());
}

function translate(error: unknown): unknown {
  const isMemory = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  if (!isMemory) return error;
  return new EngineError(
    "sql_too_large",
    `Checking the SQL takes more than ${mostMemoryMb} MB of memory.`,
    {},
    error,
  );
}
