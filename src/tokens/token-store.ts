import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EngineError } from "../engine/index.ts";
import { parseTokenFile, type TokenFile } from "./token-file.ts";

/** The tokens, or undefined where there is no file. Throws `invalid_settings` where others may read it or it is damaged. */
export function readTokenFile(path: string): TokenFile | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  assertPrivate(path, found.mode);
  return parseTokenFile(readFileSync(path, "utf8"), path);
}

/** Windows has no such modes. */
function assertPrivate(path: string, mode: number): void {
  if (process.platform === "win32" || (mode & 0o077) === 0) return;
  throw new EngineError("invalid_settings", `Others may read or change ${path}.`, {
    hint: `Run chmod 600 ${path}; if somebody may have changed it, delete it and add new tokens.`,
  });
}

/** Replaces the file at once, for its owner's eyes only. */
export function writeTokenFile(path: string, file: TokenFile): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  ignoreInGit(folder);
  const draft = `${path}.${process.pid}`;
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(draft, path);
}

function ignoreInGit(folder: string): void {
  try {
    writeFileSync(join(folder, ".gitignore"), "*\n", { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** Reads the file again whenever it has changed, so that a token that was revoked is refused by servers that run. */
export function watchTokenFile(path: string): () => TokenFile | undefined {
  let seen = "";
  let current: TokenFile | undefined;
  return () => {
    const found = statSync(path, { throwIfNoEntry: false });
    const stamp = found === undefined ? "" : `${found.ino} ${found.mtimeMs} ${found.size} ${found.mode}`;
    if (stamp === seen) return current;
    current = undefined;
    current = readTokenFile(path);
    seen = stamp;
    return current;
  };
}
