import type { HistoryEntry } from "../model/history.ts";
import type { MigrationFile } from "../model/migration.ts";
import { sqlFingerprint } from "../sql/token-stream.ts";

export interface RenumberedPair {
  readonly file: MigrationFile;
  readonly entry: HistoryEntry;
}

/**
 * Pairs files and entries, neither of which has a partner of its own version, that hold the same SQL: equal names first, then in
 * their order. SQL that says nothing (comments only) pairs under equal names only.
 */
export function pairRenumbered(
  files: readonly MigrationFile[],
  entries: readonly HistoryEntry[],
): readonly RenumberedPair[] {
  if (files.length === 0 || entries.length === 0) return [];
  const filesBySql = groupFiles(files);
  const entriesBySql = groupEntries(entries, filesBySql);
  return [...entriesBySql].flatMap(([fingerprint, group]) => {
    const candidates = filesBySql.get(fingerprint) ?? [];
    const named = pairByName(candidates, group);
    if (fingerprint === emptyFingerprint) return named;
    const takenFiles = new Set(named.map(({ file }) => file));
    const takenEntries = new Set(named.map(({ entry }) => entry));
    const restOfFiles = candidates.filter((file) => !takenFiles.has(file));
    const restOfEntries = group.filter((entry) => !takenEntries.has(entry));
    return [...named, ...pairInOrder(restOfFiles, restOfEntries)];
  });
}

const emptyFingerprint = sqlFingerprint("");

function pairByName(
  files: readonly MigrationFile[],
  entries: readonly HistoryEntry[],
): readonly RenumberedPair[] {
  const filesByName = new Map<string, MigrationFile[]>();
  for (const file of files) add(filesByName, file.name, file);
  return entries.flatMap((entry) => {
    const file = entry.name === undefined ? undefined : filesByName.get(entry.name)?.shift();
    return file === undefined ? [] : [{ file, entry }];
  });
}

function pairInOrder(
  files: readonly MigrationFile[],
  entries: readonly HistoryEntry[],
): readonly RenumberedPair[] {
  return entries.flatMap((entry, index) => {
    const file = files[index];
    return file === undefined ? [] : [{ file, entry }];
  });
}

function groupFiles(files: readonly MigrationFile[]): ReadonlyMap<string, readonly MigrationFile[]> {
  const groups = new Map<string, MigrationFile[]>();
  for (const file of inOrder(files, ({ version, fileName }) => `${version}_${fileName}`)) {
    if (file.content.kind === "sql") add(groups, file.content.fingerprint, file);
  }
  return groups;
}

function groupEntries(
  entries: readonly HistoryEntry[],
  filesBySql: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly HistoryEntry[]> {
  const groups = new Map<string, HistoryEntry[]>();
  for (const entry of inOrder(entries, ({ version }) => version)) {
    if (entry.statements === undefined || entry.statements.length === 0) continue;
    const fingerprint = sqlFingerprint(entry.statements);
    if (filesBySql.has(fingerprint)) add(groups, fingerprint, entry);
  }
  return groups;
}

function inOrder<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return items.toSorted((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (left === right) return 0;
    return left < right ? -1 : 1;
  });
}

function add<K, T>(groups: Map<K, T[]>, key: K, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
