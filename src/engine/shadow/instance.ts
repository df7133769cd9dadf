import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { DatabaseError } from "../errors.ts";

/** A file in the instance's own file system. */
export interface InstanceFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** A PGlite instance in a process of its own. What does not answer in time is killed; every later request then fails. */
export interface Instance {
  /** Sends protocol messages and answers what came back. Rejects with a `DatabaseError` of a lost connection where the process ended. */
  readonly send: (message: Uint8Array, timeoutMs: number) => Promise<Uint8Array>;
  readonly write: (files: readonly InstanceFile[]) => Promise<void>;
  /** The data folder as a gzipped tar. */
  readonly dump: () => Promise<Uint8Array>;
  readonly end: () => void;
}

/** What an instance starts from: an image, or an empty cluster. */
export interface StartInstance {
  readonly image: Uint8Array | undefined;
  readonly settings: readonly string[];
  readonly files: readonly InstanceFile[];
  readonly memoryBytes: number;
}

/** For what we ask ourselves: a start with initdb took 12 s on a busy machine (drift.md 6.3), a snapshot of 1,000 tables 1 s on a quiet one. */
export const ownTimeoutMs = 120_000;

/** Starts a process with an instance in it; ends with this process at the latest. */
export async function startInstance({ memoryBytes, ...start }: StartInstance): Promise<Instance> {
  const child = fork(findProgram(), [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // A debugger's or a test runner's flags are none of the shadow's.
    execArgv: [],
    env: {},
  });
  const ask = requestsTo(child, memoryBytes);
  try {
    await ask({ action: "start", ...start }, ownTimeoutMs);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return {
    send: async (message, timeoutMs) => toBytes(await ask({ action: "send", message }, timeoutMs)),
    write: async (files) => {
      await ask({ action: "write", files }, ownTimeoutMs);
    },
    dump: async () => toBytes(await ask({ action: "dump" }, ownTimeoutMs)),
    end: () => void child.kill("SIGKILL"),
  };
}

/** In the source tree it lies beside this file, in the built program beside the bundle or one folder above its chunks. */
function findProgram(): string {
  const places = ["./instance-process.mjs", "../instance-process.mjs"].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new Error("The shadow's program is missing: the installation is incomplete.");
  return found;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Ask = (request: Readonly<Record<string, unknown>>, timeoutMs: number) => Promise<unknown>;

const answer = z.object({ id: z.number(), value: z.optional(z.unknown()), error: z.optional(z.string()) });

function requestsTo(child: ChildProcess, memoryBytes: number): Ask {
  const waiting = new Map<number, Waiting>();
  let count = 0;
  let ended: string | undefined;
  const end = (reason: string) => {
    ended ??= reason;
    child.kill("SIGKILL");
    for (const { reject } of waiting.values()) reject(endedError(ended));
    waiting.clear();
  };
  child.on("message", (message) => {
    const read = answer.safeParse(message);
    if (!read.success) {
      end("its process answered something else than asked");
      return;
    }
    const { id, value, error } = read.data;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(endedError(error));
  });
  child.once("exit", () => end("its process ended"));
  child.once("error", (error) => end(error.message));
  return async (request, timeoutMs) => {
    if (ended !== undefined) throw endedError(ended);
    count += 1;
    const id = count;
    const timer = setTimeout(() => end(`it gave no answer within ${timeoutMs} ms`), timeoutMs);
    const watch = setInterval(() => {
      void readMemory(child.pid).then((bytes) => {
        if (bytes > memoryBytes) end(`it took more than ${Math.round(memoryBytes / 1e6)} MB of memory`);
      });
    }, 250);
    return new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      child.send({ id, ...request });
    }).finally(() => {
      clearTimeout(timer);
      clearInterval(watch);
    });
  };
}

/** Resident bytes; 0 where the system has no /proc. */
async function readMemory(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}

function endedError(reason: string): DatabaseError {
  return new DatabaseError({ sqlstate: "08006", message: `The shadow was ended: ${reason}.` }, true);
}

function toBytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw endedError("its process answered something else than bytes");
  return value;
}
