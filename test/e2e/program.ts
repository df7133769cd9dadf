import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The built program. */
export const program = fileURLToPath(new URL("../../dist/godwit.js", import.meta.url));

/** The environment of a started program: nothing of this one's settings. */
export function cleanEnv(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), ...given };
}

/** A new folder that is removed when disposed of. */
export function temporaryProject(): { readonly folder: string; readonly [Symbol.dispose]: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "godwit-e2e-"));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs the program to its end. */
export async function runProgram(
  args: readonly string[],
  { folder, env = {}, stdin = "" }: RunOptions,
): Promise<Run> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: cleanEnv(env) });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  child.stdin.end(stdin);
  const [code] = (await once(child, "close")) as [number | null];
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

/** A program that serves HTTP, and all that it has printed. */
export interface Served {
  readonly url: string;
  readonly token: string;
  readonly printed: () => string;
  readonly stop: () => Promise<number | null>;
}

/** Starts the program with --http and waits for its address. */
export async function serveProgram(
  args: readonly string[],
  { folder, env = {} }: RunOptions,
): Promise<Served> {
  const child = spawn(process.execPath, [program, "--http", ...args], { cwd: folder, env: cleanEnv(env) });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  const [url = "", token = ""] = await waitFor(child, () => {
    const found = /^url +(\S+)\ntoken +(\S+)/m.exec(printed);
    return found === null ? undefined : found.slice(1);
  });
  return {
    url,
    token,
    printed: () => printed,
    stop: async () => {
      child.kill("SIGTERM");
      const [code] = (await once(child, "close")) as [number | null];
      return code;
    },
  };
}

async function waitFor<T>(child: ChildProcess, look: () => T | undefined): Promise<T> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 20) {
    const found = look();
    if (found !== undefined) return found;
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill();
  throw new Error("The program did not start to serve.");
}
