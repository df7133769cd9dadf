import { instantOf, parseVersion, type Version } from "../model/version.ts";

const cliPattern = /^([0-9]+)_(.*)\.sql$/;
const cliInitPattern = /([0-9]{14})_init\.sql/;
const cliInitBefore = 20211209000000;
const strictPattern = /^([0-9]{14})_([a-z0-9]+(?:_[a-z0-9]+)*)\.sql$/;
const strictNamePattern = /^[a-z0-9]+(_[a-z0-9]+)*$/;
const longestFileName = 200;
const longestName = 100;

/** The two parts of a migration file's name. */
export interface ParsedFileName {
  readonly version: Version;
  /** May be empty, and may hold anything that a file name can. */
  readonly name: string;
}

/** Reads a file name exactly as Supabase CLI 3.1.0 does; undefined where the CLI passes the file over. */
export function parseFileName(fileName: string): ParsedFileName | undefined {
  const match = cliPattern.exec(fileName);
  const version = match?.[1] === undefined ? undefined : parseVersion(match[1]);
  if (match === null || version === undefined) return undefined;
  return { version, name: match[2] ?? "" };
}

/**
 * The file that the CLI passes over though its name may match: the folder's very first entry by bytes, whatever
 * the others are, where it has `<14 digits>_init.sql` in its name and the digits are before 20211209000000.
 * Takes the names of everything in the folder, sub-folders included (source of the rule: CLI 3.1.0).
 */
export function cliSkipsFirst(entryNames: readonly string[]): string | undefined {
  const first = entryNames.reduce<string | undefined>(
    (least, name) => (least === undefined || compareFileNames(name, least) < 0 ? name : least),
    undefined,
  );
  const digits = first === undefined ? undefined : cliInitPattern.exec(first)?.[1];
  return digits !== undefined && Number(digits) < cliInitBefore ? first : undefined;
}

/** The order of file names by their UTF-8 bytes, as the CLI sorts a folder. */
export function compareFileNames(a: string, b: string): number {
  if (a === b) return 0;
  const hasSurrogates = /[\uD800-\uDFFF]/.test(a) || /[\uD800-\uDFFF]/.test(b);
  if (hasSurrogates) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

/** True for a name that Godwit itself writes: `a-z`, `0-9` and single underscores between. */
export function isStrictName(name: string): boolean {
  return strictNamePattern.test(name) && name.length <= longestFileName;
}

/** True for a file name that Godwit itself writes: 14 digits that are a real instant, a strict name, 200 bytes at most. */
export function isStrictFileName(fileName: string): boolean {
  const digits = fileName.length <= longestFileName ? strictPattern.exec(fileName)?.[1] : undefined;
  const version = digits === undefined ? undefined : parseVersion(digits);
  return version !== undefined && instantOf(version) !== undefined;
}

/** The file name of a migration that Godwit writes. */
export function toFileName(version: Version, name: string): string {
  return `${version}_${name}.sql`;
}

/**
 * The migration name that a person or an agent meant (`Add Orders table!` → `add_orders_table`), 100 characters at most;
 * undefined where nothing is left. Accents are taken off (NFKD), quotes and letters beyond ASCII are dropped, so that a
 * look-alike letter can never stand in a name; everything else, path separators included, becomes one underscore.
 */
export function toName(text: string): string | undefined {
  const words = text
    .normalize("NFKD")
    .trim()
    .replace(/\.sql$/i, "")
    .replace(/^[0-9]{14}_(?=.)/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/['"`]/g, "")
    .replace(/[\p{L}\p{M}\p{N}](?<![a-z0-9])/gu, "")
    .replace(/[^a-z0-9]+/g, "_");
  const name = cutAtWord(words.replace(/^_+|_+$/g, ""));
  return name === "" ? undefined : name;
}

function cutAtWord(name: string): string {
  if (name.length <= longestName) return name;
  const cut = name.slice(0, longestName + 1);
  const end = cut.lastIndexOf("_");
  return end > 0 ? cut.slice(0, end) : name.slice(0, longestName);
}
