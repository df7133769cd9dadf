import { parseFileName, toFileName, toName } from "../../files/naming.ts";
import { parseVersion, type Version } from "../../model/version.ts";

/** What a file system takes as one name (POSIX NAME_MAX, less what Godwit's archive may add). */
const longestFileNameBytes = 240;

/** True where a file can have exactly this version and name, and reads back as both. */
export function isFileName(version: string, name: string): boolean {
  const fileName = `${version}_${name}.sql`;
  const parsed = parseFileName(fileName);
  return (
    parseVersion(version) !== undefined &&
    parsed?.name === name &&
    !/[/\\\p{C}]/u.test(name) &&
    Buffer.byteLength(fileName) <= longestFileNameBytes
  );
}

/** The name that a file gets for a recorded one: as it is where a file can have it, else in snake_case. */
export function fileNameFor(
  version: Version,
  name: string,
): { readonly fileName: string; readonly name: string } {
  const possible = isFileName(version, name) ? name : (toName(name) ?? "unnamed");
  return { fileName: toFileName(version, possible), name: possible };
}
