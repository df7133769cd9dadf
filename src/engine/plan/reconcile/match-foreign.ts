import type { MigrationFile } from "../../model/migration.ts";
import { parseScheme } from "./naming-schemes.ts";

interface ForeignRecord {
  readonly table: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the tables of tools and scripts say of a migration that is done; anything else is not taken for it. */
const doneWords = new Set([
  "completed",
  "complete",
  "success",
  "succeeded",
  "applied",
  "done",
  "true",
  "1",
  "t",
  "ok",
]);
const stateColumn = /^(status|state|success|succeeded|is_applied)$/i;
const undoneColumn = /^(rolled_back_at|reverted_at|undone_at)$/i;

/**
 * The files that another tool's table records as run, with the table's name. A row means a file where one of its values is the file's name,
 * with or without `.sql`, its version, with or without leading zeros, or, if only one file has it, its name.
 */
export function matchForeign(
  rows: readonly ForeignRecord[],
  files: readonly MigrationFile[],
): ReadonlyMap<string, string> {
  const byText = new Map<string, MigrationFile | undefined>();
  for (const file of files) {
    byText.set(file.fileName, file);
    byText.set(file.fileName.replace(/\.sql$/, ""), file);
  }
  for (const keyOf of [versionOf, numberOf, nameOf]) {
    for (const [key, file] of onlyOnes(files, keyOf)) if (!byText.has(key)) byText.set(key, file);
  }
  const matched = new Map<string, string>();
  for (const { table, fields } of rows.filter(({ fields: values }) => isDone(values))) {
    const file = valuesOf(fields)
      .map((value) => byText.get(value))
      .find((found) => found !== undefined);
    if (file !== undefined) matched.set(file.fileName, table);
  }
  return matched;
}

function versionOf({ version }: MigrationFile): string {
  return version;
}

/** Tables of numbers hold 1 for the file 00001_x.sql (goose, golang-migrate). */
function numberOf({ version }: MigrationFile): string {
  return version.replace(/^0+(?=\d)/, "");
}

function nameOf({ name }: MigrationFile): string {
  return name;
}

function onlyOnes(
  files: readonly MigrationFile[],
  keyOf: (file: MigrationFile) => string,
): readonly (readonly [string, MigrationFile])[] {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(keyOf(file), (counts.get(keyOf(file)) ?? 0) + 1);
  return files.flatMap((file) =>
    keyOf(file) !== "" && counts.get(keyOf(file)) === 1 ? [[keyOf(file), file] as const] : [],
  );
}

function isDone(fields: ForeignRecord["fields"]): boolean {
  return Object.entries(fields).every(([column, value]) => {
    if (undoneColumn.test(column)) return value === null;
    return !stateColumn.test(column) || doneWords.has(String(value).toLowerCase());
  });
}

/** Texts as they are, without folder; a name of another scheme also by the name in it. A bare number is an id more often than a version. */
function valuesOf(fields: ForeignRecord["fields"]): readonly string[] {
  const texts = Object.entries(fields).flatMap(([column, value]) => {
    if (typeof value === "string") return [value.replace(/^.*[/\\]/, "")];
    return typeof value === "number" && column !== "id" ? [String(value)] : [];
  });
  const names = texts.flatMap((text) => {
    const name = /\D/.test(text) ? parseScheme(text)?.name : undefined;
    return name === undefined || name === "unnamed" ? [] : [name];
  });
  return [...texts, ...names];
}
