import { lstat, readFile, readlink, stat } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import { systemCodeOf } from "./paths.ts";

/** What a change moves, as it lies there. */
export interface MovedFile {
  readonly bytes: Uint8Array;
  /** A link's bytes are those of the file it leads to; where it leads to none, its own text. */
  readonly form: "file" | "link" | "link to nothing";
}

/** Reads a file or link that a plan moves. Throws `plan_is_stale` where it is gone, `file_not_readable` where it is neither. */
export async function readToMove(location: string): Promise<MovedFile> {
  const fileName = path.basename(location);
  const stats = await lstat(location).catch((error: unknown) => {
    if (systemCodeOf(error) === "ENOENT") throw stale(`${fileName} is gone.`);
    throw error;
  });
  if (stats.isFile()) return { bytes: await readBytes(location), form: "file" };
  if (!stats.isSymbolicLink()) throw notMovable(`${fileName} is no file`, fileName);
  const leadsToFile = await stat(location).then(
    (target) => target.isFile(),
    () => false,
  );
  if (leadsToFile) return { bytes: await readBytes(location), form: "link" };
  return { bytes: Buffer.from(await readlink(location)), form: "link to nothing" };
}

async function readBytes(location: string): Promise<Uint8Array> {
  const fileName = path.basename(location);
  return readFile(location).catch((error: unknown) => {
    throw notMovable(`${fileName} cannot be read (${systemCodeOf(error) ?? "unknown error"})`, fileName);
  });
}

/** Says of something that nobody could tell what was moved. */
export function notMovable(fact: string, file: string): EngineError {
  return new EngineError("file_not_readable", `${fact}, so it cannot be moved. Nothing was changed.`, {
    hint: "Restore the file or remove it, then call again.",
    file,
  });
}

/** Says what no longer is as the plan has it. */
export function stale(fact: string): EngineError {
  return new EngineError("plan_is_stale", `The plan no longer holds: ${fact} Nothing was changed.`, {
    hint: "Call the same tool without confirm to plan anew.",
  });
}
