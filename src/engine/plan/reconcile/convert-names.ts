import { isStrictName, toFileName } from "../../files/naming.ts";
import type { HistoryEntry } from "../../model/history.ts";
import type { MigrationStatus } from "../../model/reconciliation.ts";
import { instantOf, parseVersion, type Version } from "../../model/version.ts";
import type { BothWays } from "../../sql/both-ways.ts";
import { findCopies } from "./find-copies.ts";
import { parseScheme, type SchemedName } from "./naming-schemes.ts";
import { placeVersions, type Unplaced } from "./place-versions.ts";
import type { ReconcileStep } from "./reconcile-step.ts";
import { bothWaysOf, splitWays } from "./split-ways.ts";

interface Question {
  readonly statuses: readonly MigrationStatus[];
  /** `.sql` files of the folder that are no migrations to the Supabase CLI. */
  readonly strays: readonly string[];
  /** `.sql` files in folders below it, by their path. */
  readonly inSubfolders: readonly string[];
  readonly today: Date;
}

interface Convertible {
  readonly key: string;
  /** The version, or the file's name where it has none. */
  readonly text: string;
  readonly fileName: string | undefined;
  readonly entry: HistoryEntry | undefined;
  readonly fixed: Version | undefined;
  readonly schemed: SchemedName;
  /** Where its file holds its way back as well. */
  readonly bothWays: BothWays | undefined;
}

/** How many files and entries are named or laid out as another tool does, though their names say where they belong; without these files. */
export function countConvertible(question: Question, without: ReadonlySet<string>): number {
  return convertibles(question).filter((item) => isForeign(item) && !without.has(item.fileName ?? "")).length;
}

function isForeign({ fixed, bothWays }: Convertible): boolean {
  return fixed === undefined || bothWays !== undefined;
}

/**
 * One step for each file and entry of another naming scheme: the file is renamed, the row renumbered with it, the order kept.
 * What has a 14-digit version keeps it; a `.down` file, which the CLI would run as a migration, goes to the archive; a way back in the same file
 * becomes its rollback block, also where the file was applied or marked so.
 */
export function convertNames(question: Question): readonly ReconcileStep[] {
  const items = convertibles(question);
  const downs = items.filter(({ schemed, entry }) => schemed.isDown && entry === undefined);
  const ups = items.filter((item) => !downs.includes(item));
  const places = placeVersions(ups.map(toUnplaced), {
    today: question.today,
    taken: recordedVersions(question.statuses),
  });
  return [
    ...downs.flatMap(({ fileName }) => (fileName === undefined ? [] : [archiveDown(fileName)])),
    ...ups.flatMap((item) => {
      const version = places.get(item.key);
      return version === undefined || !isForeign(item) ? [] : [convert(item, version)];
    }),
  ];
}

function convertibles({ statuses, strays, inSubfolders }: Question): readonly Convertible[] {
  const copies = findCopies(statuses);
  const known = statuses.flatMap((status): readonly Convertible[] => {
    const file = status.kind === "missing_file" ? undefined : status.file;
    const entry = "entry" in status ? status.entry : undefined;
    if (status.kind === "incomplete" || status.kind === "skipped" || copies.has(status)) return [];
    const version = file?.version ?? entry?.version;
    const named = file?.fileName ?? `${entry?.version ?? ""}_${entry?.name ?? ""}`;
    const schemed = parseScheme(named);
    if (schemed === undefined || version === undefined) return [];
    // What was applied under a real version keeps that one, whatever its file is called.
    const fixed = [file?.version, entry?.version].find(isReal);
    const bothWays = bothWaysOf(status);
    const fileName = file?.fileName;
    return [{ key: fileName ?? version, text: version, fileName, entry, fixed, schemed, bothWays }];
  });
  const others = strays.flatMap((fileName): readonly Convertible[] => {
    const schemed = fileName.startsWith(".") ? undefined : parseScheme(fileName);
    return schemed === undefined ? [] : [unknown(fileName, schemed)];
  });
  return [...known, ...others, ...inSubfolders.flatMap(prismaMigration)];
}

function isReal(version: Version | undefined): boolean {
  return version !== undefined && parseVersion(version) !== undefined && instantOf(version) !== undefined;
}

/** Rows are renumbered one after the other, so none may get a version that another still has. */
function recordedVersions(statuses: readonly MigrationStatus[]): readonly Version[] {
  return statuses.flatMap((status) => ("entry" in status ? [status.entry.version] : []));
}

function unknown(fileName: string, schemed: SchemedName): Convertible {
  return {
    key: fileName,
    text: fileName,
    fileName,
    entry: undefined,
    fixed: undefined,
    schemed,
    bothWays: undefined,
  };
}

/** Prisma keeps each migration in a folder of its own, whose name is that of the migration. */
function prismaMigration(below: string): readonly Convertible[] {
  const folder = /^([0-9]+_[^/]*)\/migration\.sql$/.exec(below)?.[1];
  const schemed = folder === undefined ? undefined : parseScheme(folder);
  return schemed === undefined ? [] : [unknown(below, schemed)];
}

function toUnplaced({ key, text, entry, fixed, schemed }: Convertible): Unplaced {
  return {
    key,
    text,
    isRecorded: entry !== undefined,
    fixed,
    instant: fixed === undefined ? schemed.instant : instantOf(fixed),
    numbers: schemed.numbers,
  };
}

function convert(item: Convertible, version: Version): ReconcileStep {
  const { fileName, entry, schemed, bothWays } = item;
  const own = nameOf(fileName ?? entry?.name ?? "", schemed);
  if (fileName !== undefined && bothWays !== undefined)
    return splitWays({ fileName, bothWays, entry, version, name: own });
  const why = "every version is 14 digits of a real instant; the order stays as it was";
  const to = toFileName(version, own);
  return {
    action: "convert_name",
    version: entry?.version ?? version,
    ...(fileName === undefined ? {} : { file: fileName }),
    to: fileName === undefined ? version : to,
    why,
    files: fileName === undefined ? [] : [{ kind: "rename", fileName, to, reason: why }],
    rows:
      entry === undefined
        ? []
        : [
            {
              kind: "update",
              version: entry.version,
              to: fileName === undefined ? { version } : { version, name: own },
              reason: why,
            },
          ],
  };
}

/** A name that is fine is kept as it is. */
function nameOf(text: string, { name }: SchemedName): string {
  const rest = /^[0-9]+_(.*)\.sql$/.exec(text)?.[1];
  return rest !== undefined && isStrictName(rest) ? rest : name;
}

function archiveDown(fileName: string): ReconcileStep {
  const why = "a way back of another tool, which the Supabase CLI would run as a migration";
  return {
    action: "archive_file",
    version: "",
    file: fileName,
    why,
    files: [{ kind: "archive", fileName, reason: why }],
    rows: [],
  };
}
