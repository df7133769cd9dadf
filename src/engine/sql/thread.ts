import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { EngineError } from "../errors.ts";

/** Below this, reading takes less than the start of a thread (measured: 64 KB in 30 ms). */
const smallBytes = 64 * 1024;

/** Measured: 10 MB in 50,000 statements take 740 MB. */
const mostMemoryMb = 3_072;

/** Work on SQL for a thread of its own. */
export interface ThreadWork {
  /** A program that the build makes beside the bundle. */
  readonly program: "check-thread" | "fingerprint-thread" | "read-thread";
  /** What it is given; plain data. */
  readonly input: unknown;
  /** What it does, as the beginning of a sentence. */
  readonly doing: string;
  /** Takes what the thread sends, one message a turn of the event loop. */
  readonly receive: (message: unknown) => void;
}

/** True where SQL of this length is worth a thread, so that the caller stays responsive and memory is bounded. */
export function isLongSql(sql: readonly string[]): boolean {
  return sql.reduce((sum, text) => sum + Buffer.byteLength(text), 0) >= smallBytes;
}

/**
 * Runs a program on a thread of its own; false where the program is not there, because nothing has been built. Throws `sql_too_large` where
 * a thread's memory is not enough.
 */
export async function runOnThread(work: ThreadWork): Promise<boolean> {
  const path = findProgram(work.program);
  if (path === undefined) return false;
  const worker = new Worker(path, {
    workerData: work.input,
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    // A test runner's flags are none of the thread's.
    execArgv: [],
  });
  worker.on("message", (message) => {
    work.receive(message);
    setImmediate(() => worker.postMessage("next", []));
  });
  await ended(worker, work.doing).finally(() => void worker.terminate());
  return true;
}

/** In the built program it lies beside the bundle or one folder above its chunks; the source tree uses the built one. */
function findProgram(name: ThreadWork["program"]): string | undefined {
  return ["./", "../", "../../../dist/"]
    .map((place) => fileURLToPath(new URL(`${place}${name}.js`, import.meta.url)))
    .find((place) => existsSync(place));
}

function ended(worker: Worker, doing: string): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once("error", (error) => reject(translate(error, doing)));
    worker.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`A thread that read SQL ended with code ${code}.`));
    });
  });
}

function translate(error: unknown, doing: string): unknown {
  const isMemory = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  if (!isMemory) return error;
  const message = `${doing} the SQL takes more than ${mostMemoryMb} MB of memory.`;
  return new EngineError("sql_too_large", message, {}, error);
}
