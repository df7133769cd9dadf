import { realpath } from "node:fs/promises";
import path from "node:path";

/** True where the location is the folder or something in it, by path only. */
export function isInside(location: string, folder: string): boolean {
  const below = path.relative(folder, location);
  return below === "" || (below !== ".." && !below.startsWith(`..${path.sep}`) && !path.isAbsolute(below));
}

/** A path as shown to people: below the project where it is there, with `/` on every system. */
export function toShownPath(location: string, projectDir: string): string {
  const shown = isInside(location, projectDir) ? path.relative(projectDir, location) || "." : location;
  return path.sep === "/" ? shown : shown.split(path.sep).join("/");
}

/** The absolute path with every link resolved, as far down as it exists. */
export async function resolveExisting(location: string): Promise<string> {
  const real = await realpath(location).catch(() => undefined);
  if (real !== undefined) return real;
  const parent = path.dirname(location);
  return parent === location ? location : path.join(await resolveExisting(parent), path.basename(location));
}

/** The system's word for what went wrong, such as `ENOENT`; undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
