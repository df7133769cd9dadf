import { mkdir, readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import { createFile, replaceFile } from "./create-file.ts";
import { isInside, resolveExisting, systemCodeOf, toShownPath } from "./paths.ts";

export interface OutputOrder {
  /** Absolute. */
  readonly projectDir: string;
  /** As given: below the project's folder, or absolute and in it. */
  readonly given: string;
  /** The file's new text, made from its present one where there is a file. Throws where that must stay. */
  readonly compose: (existing: string | undefined) => string;
}

export interface WrittenOutput {
  readonly shownPath: string;
  readonly outcome: "written" | "unchanged";
}

/** Writes a file of the project that is made from the database, whole or not at all. Throws `path_outside_folder`, `folder_not_writable`. */
export async function writeOutput({ projectDir, given, compose }: OutputOrder): Promise<WrittenOutput> {
  const project = await realpath(projectDir);
  const location = await resolveExisting(path.resolve(projectDir, given));
  if (!isInside(location, project) || location === project)
    throw new EngineError(
      "path_outside_folder",
      `${JSON.stringify(given)} is not a file in the project's folder.`,
      { hint: "Give a path below the project's folder, such as src/database.types.ts." },
    );
  const shownPath = toShownPath(location, project);
  const existing = await readText(location, shownPath);
  const text = compose(existing);
  if (existing === text) return { shownPath, outcome: "unchanged" };
  try {
    await mkdir(path.dirname(location), { recursive: true });
    await (existing === undefined ? createFile : replaceFile)(location, Buffer.from(text));
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw refuse("folder_not_writable", shownPath, error);
  }
  return { shownPath, outcome: "written" };
}

async function readText(location: string, shownPath: string): Promise<string | undefined> {
  try {
    return await readFile(location, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw refuse("file_not_readable", shownPath, error);
  }
}

function refuse(
  code: "folder_not_writable" | "file_not_readable",
  file: string,
  error: unknown,
): EngineError {
  const verb = code === "folder_not_writable" ? "written" : "read";
  return new EngineError(
    code,
    `${file} cannot be ${verb} (${systemCodeOf(error) ?? "unknown"}).`,
    { file },
    error,
  );
}
