import { readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { EngineError } from "../errors.ts";
import { isInside, resolveExisting } from "./paths.ts";

/** Where the migrations folder was learned from. */
export type FolderOrigin = "given" | "config_toml" | "found" | "default";

export interface FoundFolder {
  /** Absolute. A given folder has its links resolved; any other is below the project as named. */
  readonly dir: string;
  readonly origin: FolderOrigin;
  /** False where nothing is there yet: it reads as empty, and the first write makes it. */
  readonly exists: boolean;
}

interface FolderQuestion {
  /** Absolute. */
  readonly projectDir: string;
  /** From a flag or the environment; relative to the project. */
  readonly given?: string;
  /** Where the user's home is; asked of the system where absent. */
  readonly homeDir?: string;
}

/**
 * Finds the migrations folder: the given one, else `supabase/migrations` where `supabase/config.toml` or that folder exists,
 * else `migrations`, else the one that a first write will make. Throws `folder_not_allowed` and `folder_not_found`.
 */
export async function findMigrationsDir(question: FolderQuestion): Promise<FoundFolder> {
  const { projectDir, given } = question;
  const homeDir = path.resolve(question.homeDir ?? homedir());
  if (given !== undefined) return givenFolder(path.resolve(projectDir, given), projectDir, homeDir);
  const found = await existingFolder(projectDir);
  if (found !== undefined) return found;
  await assertProject(projectDir, homeDir);
  const isSupabase = (await kindOf(path.join(projectDir, "supabase"))) === "folder";
  const dir = path.join(projectDir, ...(isSupabase ? ["supabase", "migrations"] : ["migrations"]));
  await assertFolderOrNothing(dir);
  return { dir, origin: "default", exists: false };
}

/** The `project_id` of `supabase/config.toml`; undefined where there is none, or where it refers to the environment. */
export async function readProjectId(projectDir: string): Promise<string | undefined> {
  const file = path.join(projectDir, "supabase", "config.toml");
  const text = await readFile(file, "utf8").catch(() => "");
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (/^\s*\[/.test(line)) return undefined;
    const match = /^\s*(?:project_id|"project_id")\s*=\s*(?:"([^"\\]*)"|'([^']*)')\s*(?:#.*)?$/.exec(line);
    const value = (match?.[1] ?? match?.[2] ?? "").trim();
    if (match !== null) return value === "" || /^env\(.*\)$/.test(value) ? undefined : value;
  }
  return undefined;
}

async function givenFolder(named: string, projectDir: string, homeDir: string): Promise<FoundFolder> {
  if (named.includes("\0"))
    throw new EngineError("folder_not_allowed", "The migrations folder's path holds a NUL.");
  const dir = await resolveExisting(named);
  await assertAllowed(dir, homeDir);
  const kind = await assertFolderOrNothing(dir);
  if (kind === "folder") return { dir, origin: "given", exists: true };
  const isReachable =
    isInside(dir, await resolveExisting(projectDir)) || (await kindOf(path.dirname(dir))) === "folder";
  if (!isReachable) {
    throw new EngineError(
      "folder_not_found",
      `The migrations folder ${named} does not exist, and neither does the folder that it would be in.`,
    );
  }
  return { dir, origin: "given", exists: false };
}

async function existingFolder(projectDir: string): Promise<FoundFolder | undefined> {
  const supabaseDir = path.join(projectDir, "supabase", "migrations");
  const kind = await kindOf(supabaseDir);
  if ((await kindOf(path.join(projectDir, "supabase", "config.toml"))) === "file") {
    await assertFolderOrNothing(supabaseDir);
    return { dir: supabaseDir, origin: "config_toml", exists: kind === "folder" };
  }
  if (kind === "folder") return { dir: supabaseDir, origin: "found", exists: true };
  const plainDir = path.join(projectDir, "migrations");
  if ((await kindOf(plainDir)) === "folder") return { dir: plainDir, origin: "found", exists: true };
  return undefined;
}

/** Clients start servers in `/` or in the home folder; a migrations folder must not appear there unasked. */
async function assertProject(projectDir: string, homeDir: string): Promise<void> {
  if ((await kindOf(projectDir)) !== "folder") {
    throw new EngineError("folder_not_found", `The project folder ${projectDir} does not exist.`);
  }
  await assertAllowed(await resolveExisting(projectDir), homeDir);
}

async function assertAllowed(dir: string, homeDir: string): Promise<void> {
  if (dir === path.parse(dir).root) {
    throw new EngineError(
      "folder_not_allowed",
      `${dir} is the root of the file system, not a project's folder.`,
    );
  }
  if (dir === homeDir || dir === (await realpath(homeDir).catch(() => homeDir))) {
    throw new EngineError("folder_not_allowed", `${dir} is the home folder, not a project's folder.`);
  }
}

async function assertFolderOrNothing(dir: string): Promise<"folder" | "nothing"> {
  const kind = await kindOf(dir);
  if (kind === "file") {
    throw new EngineError("folder_not_allowed", `The migrations folder ${dir} is a file.`);
  }
  return kind;
}

async function kindOf(location: string): Promise<"folder" | "file" | "nothing"> {
  const stats = await stat(location).catch(() => undefined);
  if (stats === undefined) return "nothing";
  return stats.isDirectory() ? "folder" : "file";
}
