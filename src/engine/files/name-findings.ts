import type { Finding } from "../model/finding.ts";
import { listFew } from "../model/list-few.ts";
import { instantOf } from "../model/version.ts";
import { isStrictName, type ParsedFileName } from "./naming.ts";

const dayMs = 24 * 60 * 60 * 1000;
const longestSequence = 6;

/** A file whose name the CLI reads as a migration's. */
export interface NamedFile {
  readonly fileName: string;
  /** Its path for people. */
  readonly file: string;
  readonly parsed: ParsedFileName;
}

/** What is worth telling about the name of a file that the Supabase CLI reads as a migration. */
export function nameFindings({ fileName, file, parsed }: NamedFile, now: Date): readonly Finding[] {
  const about = { file, version: parsed.version };
  const version = versionFinding(parsed, now);
  const name = isStrictName(parsed.name) ? undefined : looseName(fileName, parsed.name);
  return [version, name].flatMap((finding) => (finding === undefined ? [] : [{ ...finding, ...about }]));
}

/** A `.sql` file that the CLI passes over because of its name, told with the likely reason. */
export function skippedName(fileName: string, file: string): Finding {
  return {
    code: "bad_file_name",
    severity: "warning",
    message: `${JSON.stringify(fileName)} ${skipReason(fileName)}, so it is no migration: the Supabase CLI and Godwit pass it over.`,
    hint: "Rename it to YYYYMMDDHHMMSS_name.sql if it is a migration; else move it out of the folder.",
    file,
  };
}

/** One finding for each file that shares its version with others; they all have to be told apart. */
export function duplicateFindings(files: readonly NamedFile[]): readonly Finding[] {
  return [...groupByVersion(files)].flatMap(([version, group]) =>
    group.length < 2 ? [] : group.map((file) => duplicate(file, version, group)),
  );
}

type BareFinding = Pick<Finding, "code" | "severity" | "message" | "hint">;

function versionFinding({ version }: ParsedFileName, now: Date): BareFinding | undefined {
  if (version.length > 14)
    return impossible(`Version ${version} has ${version.length} digits, so it names no instant.`);
  if (version.length <= longestSequence) return sequential(version);
  if (version.length < 14) return short(version);
  const instant = instantOf(version);
  if (instant === undefined) return impossible(`Version ${version} is no real instant (YYYYMMDDHHMMSS).`);
  return instant.getTime() - now.getTime() > dayMs ? future(version) : undefined;
}

function impossible(message: string): BareFinding {
  return {
    code: "impossible_instant",
    severity: "warning",
    message,
    hint: "It works, and sorts by its text. Do not rename a file that was applied; let create_migration name new ones.",
  };
}

function sequential(version: string): BareFinding {
  return {
    code: "sequential_version",
    severity: "info",
    message: `Version ${version} is a sequence number, not an instant; versions sort by text (002, 1, 20240101).`,
    hint: "Leave applied files as they are; let create_migration name new ones.",
  };
}

function short(version: string): BareFinding {
  return {
    code: "short_version",
    severity: "info",
    message: `Version ${version} has ${version.length} digits of 14: it sorts before every version that begins with it.`,
    hint: "Leave applied files as they are; let create_migration name new ones.",
  };
}

function future(version: string): BareFinding {
  return {
    code: "future_version",
    severity: "warning",
    message: `Version ${version} is more than a day ahead: files named for today will sort before it.`,
    hint: "Rename the file to its real instant if it was not applied yet.",
  };
}

function looseName(fileName: string, name: string): BareFinding {
  return {
    code: "bad_file_name",
    severity: "info",
    message: `${JSON.stringify(fileName)} ${name === "" ? "has no name after the version" : "is not in snake_case"}; the Supabase CLI takes it as it is, and so does Godwit.`,
    hint: "Leave it if it was applied; new names are lower-case letters, digits and single underscores.",
  };
}

function skipReason(fileName: string): string {
  if (fileName.startsWith(".")) return "is a hidden file";
  if (!fileName.endsWith(".sql")) return "does not end with .sql in lower case";
  if (!/^[0-9]/.test(fileName)) return "does not begin with a version";
  if (/^[0-9]+_/.test(fileName)) return "has a line end in its name";
  return "has no underscore after the version";
}

function groupByVersion(files: readonly NamedFile[]): ReadonlyMap<string, readonly NamedFile[]> {
  const groups = new Map<string, NamedFile[]>();
  for (const file of files) {
    const group = groups.get(file.parsed.version);
    if (group === undefined) groups.set(file.parsed.version, [file]);
    else group.push(file);
  }
  return groups;
}

function duplicate({ fileName, file }: NamedFile, version: string, group: readonly NamedFile[]): Finding {
  const others = group.filter((other) => other.fileName !== fileName);
  const shown = listFew(others, 3, (other) => other.fileName);
  return {
    code: "duplicate_version",
    severity: "error",
    message: `Version ${version} is also that of ${shown}; the history can hold one of them.`,
    hint: "Give all but the applied one versions of their own.",
    file,
    version,
  };
}
