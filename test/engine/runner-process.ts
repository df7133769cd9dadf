import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { ApplyMigrationReport } from "../../src/engine/index.ts";

const root = join(import.meta.dirname, "..", "..");

/** The runner as one bundle, so that a process of it starts quickly. */
export interface Runner {
  /** Starts a process that applies all pending files; with a window it also tries their ways back. */
  readonly start: (url: string, projectDir: string, windowHours?: number) => RunningApply;
  readonly remove: () => Promise<void>;
}

export interface RunningApply {
  /** When the engine begins its work. */
  readonly ready: Promise<void>;
  /** When so many migrations were begun, or the process has ended. */
  readonly begun: (count: number) => Promise<void>;
  readonly kill: () => void;
  /** The report; undefined where the process was killed. Rejects with what the process wrote to stderr where it failed. */
  readonly report: Promise<ApplyMigrationReport | undefined>;
}

/** Bundles `runner.ts`. */
export async function buildRunner(): Promise<Runner> {
  const { script, remove } = await bundleScript("runner.ts");
  return {
    start: (url, projectDir, windowHours = 0) => startProcess(script, [url, projectDir, String(windowHours)]),
    remove,
  };
}

/** Bundles a script of this folder below the project, where it finds its packages, Godwit's own migrations and the stand-in. */
export async function bundleScript(
  name: string,
): Promise<{ readonly script: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(root, "node_modules", ".godwit-runner-"));
  const outfile = join(folder, "runner.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, name)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    logLevel: "warning",
    external: ["@electric-sql/pglite", "@electric-sql/pglite/*", "libpg-query", "yaml"],
  });
  await Promise.all(
    Object.entries({ "package.json": "", migrations: "", "stand-in": "src/engine" }).map(([part, below]) =>
      cp(join(root, below, part), join(folder, part), { recursive: true }),
    ),
  );
  return { script: outfile, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A script that runs as a process of its own. */
export interface RunningScript {
  /** When a text was printed so many times, or the process has ended. */
  readonly printed: (text: string, times: number) => Promise<void>;
  readonly kill: () => void;
  /** Undefined where the process was killed. Rejects with what the process wrote to stderr where it failed. */
  readonly lastLine: Promise<string | undefined>;
}

function startProcess(script: string, args: readonly string[]): RunningApply {
  const { printed, kill, lastLine } = startScript(script, args);
  const report = lastLine.then((line) =>
    line === undefined ? undefined : (JSON.parse(line) as ApplyMigrationReport),
  );
  report.catch(() => undefined);
  return {
    ready: printed("ready", 1),
    begun: (count) => printed("migration_started", count),
    report,
    kill,
  };
}

/** Starts a bundled script. */
export function startScript(script: string, args: readonly string[]): RunningScript {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const seen = { output: "", errors: "" };
  const printed = (text: string, times: number): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (seen.output.split(text).length > times) resolve();
      };
      look();
      child.stdout.on("data", look);
      child.once("close", () => resolve());
    });
  child.stderr.on("data", (chunk: Buffer) => void (seen.errors += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => void (seen.output += chunk.toString()));
  const lastLine = once(child, "close").then(([code]) => {
    if (child.signalCode === "SIGKILL") return undefined;
    if (code !== 0) throw new Error(`The script ended with ${String(code)}:\n${seen.errors}`);
    return seen.output.trim().split("\n").at(-1) ?? "";
  });
  lastLine.catch(() => undefined);
  return { printed, lastLine, kill: () => void child.kill("SIGKILL") };
}
