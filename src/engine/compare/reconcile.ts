import type { History, HistoryEntry, RunRecord } from "../model/history.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { MigrationStatus, Reconciliation } from "../model/reconciliation.ts";
import { compareVersions, parseVersion, type Version } from "../model/version.ts";
import { sqlFingerprint } from "../sql/token-stream.ts";
import { pairRenumbered, type RenumberedPair } from "./pair-renumbered.ts";

interface Question {
  readonly files: readonly MigrationFile[];
  readonly history: Pick<History, "entries" | "unfinished">;
}

interface Holding {
  readonly file: MigrationFile;
  readonly entry: HistoryEntry;
}

/**
 * Says of every file and every history entry, each exactly once, how they stand to each other. First a file holds the entry or the
 * unfinished run of its own version; then what is left is paired by its SQL whatever the version; the rest stands alone.
 */
export function reconcile({ files, history }: Question): Reconciliation {
  const filesByVersion = groupBy(files, (file) => file.version);
  const holdings = findHoldings(history.entries, filesByVersion);
  const recorded = new Set(history.entries.map((entry) => entry.version));
  const running = findRunning(history.unfinished, filesByVersion, recorded);
  const held = new Set([...holdings.map(({ file }) => file), ...running.flatMap(({ file }) => file ?? [])]);
  const heldEntries = new Set(holdings.map(({ entry }) => entry));
  const freeEntries = history.entries.filter((entry) => !heldEntries.has(entry));
  const freeFiles = files.filter((file) => !held.has(file));
  const renumbered = pairRenumbered(
    freeFiles.filter((file) => !file.skippedByCli),
    withoutCopies(freeEntries, heldEntries),
  );
  const pairedFiles = new Set(renumbered.map(({ file }) => file));
  const pairedEntries = new Set(renumbered.map(({ entry }) => entry));
  const statuses: readonly MigrationStatus[] = [
    ...holdings.map(compareHolding),
    ...running,
    ...renumbered.map((pair: RenumberedPair): MigrationStatus => ({ kind: "renumbered", ...pair })),
    ...freeEntries
      .filter((entry) => !pairedEntries.has(entry))
      .map((entry): MigrationStatus => ({ kind: "missing_file", entry })),
    ...judgeUnrecorded(
      freeFiles.filter((file) => !pairedFiles.has(file)),
      held,
      newestApplied(history.entries),
    ),
  ];
  return { statuses: statuses.toSorted(compareStatuses) };
}

/** The version that a status stands under: the file's, else the entry's or the run's. */
export function versionOf(status: MigrationStatus): Version | undefined {
  if (status.kind === "missing_file") return status.entry.version;
  if (status.kind === "incomplete") return status.file?.version ?? status.run.version;
  return status.file.version;
}

/** Where the table has lost its key, a version's second row says nothing of a file that the first does not say. */
function withoutCopies(
  entries: readonly HistoryEntry[],
  held: ReadonlySet<HistoryEntry>,
): readonly HistoryEntry[] {
  const seen = new Set([...held].map(({ version }) => version));
  return entries.filter(({ version }) => {
    const isFirst = !seen.has(version);
    seen.add(version);
    return isFirst;
  });
}

/** One file at most for each entry, that of its own version: by SQL, then by name, then the first. */
function findHoldings(
  entries: readonly HistoryEntry[],
  filesByVersion: ReadonlyMap<Version, readonly MigrationFile[]>,
): readonly Holding[] {
  const seen = new Set<Version>();
  return entries.flatMap((entry) => {
    const candidates = seen.has(entry.version) ? [] : (filesByVersion.get(entry.version) ?? []);
    seen.add(entry.version);
    const file = candidates.length < 2 ? candidates[0] : bestOf(candidates, entry);
    return file === undefined ? [] : [{ file, entry }];
  });
}

function bestOf(candidates: readonly MigrationFile[], entry: HistoryEntry): MigrationFile | undefined {
  const ordered = candidates.toSorted(compareFiles);
  const alike = ordered.filter((file) => compareContent(file, entry) === "same");
  const pool = alike.length > 0 ? alike : ordered;
  return pool.find((file) => file.name === entry.name) ?? pool[0];
}

function compareHolding({ file, entry }: Holding): MigrationStatus {
  const content = compareContent(file, entry);
  if (content === "different") return { kind: "edited", file, entry };
  const isRenamed = hasName(entry) && entry.name !== file.name;
  if (content === "same" && isRenamed) return { kind: "renamed", file, entry };
  return { kind: "applied", file, entry, isContentKnown: content === "same" };
}

/** What was recorded is compared by its tokens; where nothing was, by the checksum of the run that applied it. */
function compareContent(file: MigrationFile, entry: HistoryEntry): "same" | "different" | "unknown" {
  if (file.content.kind === "unreadable") return "unknown";
  if (entry.statements !== undefined && entry.statements.length > 0) {
    return sqlFingerprint(entry.statements) === file.content.fingerprint ? "same" : "different";
  }
  // An empty file is recorded as no statements at all, and fetched by the CLI as a lone semicolon.
  if (entry.statements !== undefined && file.content.fingerprint === emptyFingerprint) return "same";
  const checksum = entry.run?.checksum;
  if (checksum === undefined) return "unknown";
  return checksum === file.content.checksum ? "same" : "different";
}

const emptyFingerprint = sqlFingerprint("");

/** A row that the Management API or `migration fetch` wrote may have no name: that is no other name. */
function hasName(entry: HistoryEntry): boolean {
  return entry.name !== undefined && entry.name !== "";
}

type Incomplete = Extract<MigrationStatus, { readonly kind: "incomplete" }>;

/** The newest unfinished run of each version that has no entry, with the file that it ran. */
function findRunning(
  unfinished: readonly RunRecord[],
  filesByVersion: ReadonlyMap<Version, readonly MigrationFile[]>,
  recorded: ReadonlySet<Version>,
): readonly Incomplete[] {
  const newest = new Map<Version, RunRecord>();
  for (const run of unfinished) {
    if (run.version === undefined || recorded.has(run.version)) continue;
    const known = newest.get(run.version);
    if (known === undefined || known.id < run.id) newest.set(run.version, run);
  }
  return [...newest].map(([version, run]) => {
    const candidates = (filesByVersion.get(version) ?? []).toSorted(compareFiles);
    const ran = candidates.find(({ content }) => content.kind === "sql" && content.checksum === run.checksum);
    const file = ran ?? candidates.find(({ name }) => name === run.phaseName) ?? candidates[0];
    return { kind: "incomplete", file, run };
  });
}

/** Files that the history does not know: the first of a version stands for it, the others are duplicates of it. */
function judgeUnrecorded(
  files: readonly MigrationFile[],
  held: ReadonlySet<MigrationFile>,
  newest: Version | undefined,
): readonly MigrationStatus[] {
  const holders = new Map([...held].map((file) => [file.version, file]));
  return files.toSorted(compareFiles).map((file): MigrationStatus => {
    if (file.skippedByCli) return { kind: "skipped", file };
    const holder = holders.get(file.version);
    if (holder !== undefined) return { kind: "duplicate_version", file, holder };
    holders.set(file.version, file);
    const isNewer = newest === undefined || compareVersions(file.version, newest) > 0;
    return { kind: isNewer ? "pending" : "out_of_order", file };
  });
}

/** Rows whose version is no number (other tools write them) order nothing. */
function newestApplied(entries: readonly HistoryEntry[]): Version | undefined {
  return entries.reduce<Version | undefined>((newest, { version }) => {
    if (parseVersion(version) === undefined) return newest;
    return newest === undefined || compareVersions(version, newest) > 0 ? version : newest;
  }, undefined);
}

function compareStatuses(a: MigrationStatus, b: MigrationStatus): number {
  return compareTexts(versionOf(a) ?? "", versionOf(b) ?? "") || compareTexts(fileNameOf(a), fileNameOf(b));
}

function compareFiles(a: MigrationFile, b: MigrationFile): number {
  return compareVersions(a.version, b.version) || compareTexts(a.fileName, b.fileName);
}

function fileNameOf(status: MigrationStatus): string {
  return status.kind === "missing_file" ? "" : (status.file?.fileName ?? "");
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
