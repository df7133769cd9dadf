import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { arch, platform } from "node:os";
import path from "node:path";

export interface CliAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The Supabase CLI's own binary from npm; undefined where there is none for this platform. */
export function findCli(): string | undefined {
  const system = platform() === "win32" ? "windows" : platform();
  const file = path.join(
    "node_modules",
    "@supabase",
    `cli-${system}-${arch()}`,
    "bin",
    system === "windows" ? "supabase.exe" : "supabase",
  );
  for (let folder = import.meta.dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, file))) return path.join(folder, file);
  }
  return undefined;
}

/** Runs the CLI in a project of its own, with no look-up outside loopback: neither telemetry nor a check for updates. */
export function runCli(cli: string, projectDir: string, args: readonly string[]): Promise<CliAnswer> {
  const env = {
    PATH: process.env["PATH"],
    HOME: projectDir,
    SUPABASE_HOME: path.join(projectDir, ".supabase-home"),
    SUPABASE_NO_KEYRING: "1",
    SUPABASE_NO_UPDATE_NOTIFIER: "1",
    SUPABASE_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    NO_COLOR: "1",
  };
  return new Promise((resolve) => {
    execFile(
      cli,
      [...args, "--workdir", projectDir, "--agent", "no"],
      { env, cwd: projectDir, timeout: 60_000 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}
