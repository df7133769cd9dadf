import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import { findUnreadableCharacter } from "../sql/unsupported-text.ts";
import { isStrictFileName, parseFileName } from "./naming.ts";
import { isInside, resolveExisting, systemCodeOf } from "./paths.ts";
import { createFile, removeFile } from "./create-file.ts";
import { longestFileBytes } from "./read-file.ts";
import { withLockFile } from "./lock-file.ts";

interface NewFile {
  readonly dir: string;
  readonly projectDir: string;
  readonly fileName: string;
  readonly sql: string;
}

/**
 * Writes a new migration file, all of it or nothing, and answers its absolute path. Makes the folder where it is missing.
 * Throws `file_exists`, `version_taken`, `invalid_name`, `invalid_input`, `sql_too_large`, `path_outside_folder`, `folder_not_writable`.
 */
export async function writeMigration({ dir, projectDir, fileName, sql }: NewFile): Promise<string> {
  assertBareName(fileName);
  assertStrictName(fileName);
  assertWritableText(fileName, sql);
  await assertStaysInProject(dir, projectDir);
  const version = parseFileName(fileName)?.version ?? "";
  return whereWritable(dir, async () => {
    await mkdir(dir, { recursive: true });
    return withLockFile(path.join(dir, `.godwit-${version}.lock`), async () => {
      await assertVersionFree(dir, fileName);
      const location = path.join(dir, fileName);
      await createFile(location, Buffer.from(sql, "utf8"));
      await assertVersionFree(dir, fileName).catch(async (error: unknown) => {
        await removeFile(location);
        throw error;
      });
      return location;
    });
  });
}

/** Throws `path_outside_folder` unless the text can only name something directly in a folder. */
export function assertBareName(fileName: string): void {
  const isBare =
    fileName !== "" &&
    fileName !== "." &&
    fileName !== ".." &&
    !/[/\\\0]/.test(fileName) &&
    !/^[A-Za-z]:/.test(fileName);
  if (!isBare) {
    throw new EngineError("path_outside_folder", `${JSON.stringify(fileName)} is not a bare file name.`);
  }
}

/**
 * Throws `path_outside_folder` where a link leads from the folder out of the project. A folder whose path has no link in it is
 * taken as meant, wherever it is (`findMigrationsDir` resolves the links of a given one).
 */
export async function assertStaysInProject(dir: string, projectDir: string): Promise<void> {
  const real = await resolveExisting(dir);
  if (real === dir || isInside(real, await resolveExisting(projectDir))) return;
  throw new EngineError(
    "path_outside_folder",
    `The folder ${dir} is a link to ${real}, outside the project; nothing was written.`,
    { hint: "Give the folder itself with --migrations-dir if it is meant." },
  );
}

/** Runs with the system's refusals (rights, full disk) told as `folder_not_writable`. */
export async function whereWritable<T>(dir: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined || error instanceof EngineError) throw error;
    throw new EngineError(
      "folder_not_writable",
      `The folder ${dir} cannot be written to (${code}).`,
      {},
      error,
    );
  }
}

function assertStrictName(fileName: string): void {
  if (isStrictFileName(fileName)) return;
  throw new EngineError(
    "invalid_name",
    `${JSON.stringify(fileName)} is not a migration file name: 14 digits of a real UTC instant, an underscore, a name in snake_case, .sql; 200 bytes at most.`,
  );
}

/** Throws `invalid_input` for text that no SQL can hold, `sql_too_large`. */
export function assertWritableText(fileName: string, sql: string): void {
  const unreadable = findUnreadableCharacter(sql);
  if (unreadable !== undefined) {
    const { message, line, column } = unreadable;
    throw new EngineError("invalid_input", `${fileName}, line ${line}, column ${column}: ${message}`, {
      line,
      column,
    });
  }
  const bytes = Buffer.byteLength(sql, "utf8");
  if (bytes > longestFileBytes) {
    throw new EngineError(
      "sql_too_large",
      `The SQL for ${fileName} has ${bytes} bytes; ${longestFileBytes} are the limit.`,
    );
  }
}

async function assertVersionFree(dir: string, fileName: string): Promise<void> {
  const version = parseFileName(fileName)?.version;
  const other = (await readdir(dir)).find(
    (name) => name !== fileName && parseFileName(name)?.version === version,
  );
  if (other === undefined) return;
  throw new EngineError("version_taken", `Version ${version ?? ""} is taken by ${other}.`, {
    file: other,
    ...(version === undefined ? {} : { version }),
  });
}
