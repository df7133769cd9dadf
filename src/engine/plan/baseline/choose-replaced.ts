import { EngineError } from "../../errors.ts";
import type { History } from "../../model/history.ts";
import type { MigrationFile } from "../../model/migration.ts";
import type { MigrationStatus, Reconciliation } from "../../model/reconciliation.ts";
import { compareVersions, instantOf, nextVersion, parseVersion, type Version } from "../../model/version.ts";

/** What a baseline takes the place of, and what stays. */
export interface Replaced {
  /** The baseline's own version. */
  readonly version: Version;
  /** Every recorded version, in order. */
  readonly versions: readonly Version[];
  /** Files whose SQL has run. */
  readonly applied: readonly MigrationFile[];
  /** Files that never ran and are not newer than the baseline, so that nothing would ever apply them. */
  readonly neverApplied: readonly MigrationFile[];
  /** Files that are still to be applied after it. */
  readonly pending: readonly MigrationFile[];
}

/**
 * The baseline takes the newest recorded version, as the Supabase CLI's squash does: a database that has applied it does not run the
 * baseline again. Throws `not_applicable` where nothing is applied, where a run is unfinished, and where pending files leave no version.
 */
export function chooseReplaced(history: History, { statuses }: Reconciliation, now: Date): Replaced {
  assertNothingUnfinished(statuses);
  const versions = [...new Set(history.entries.map((entry) => entry.version))].toSorted(compareVersions);
  const newest = versions.findLast((version) => parseVersion(version) !== undefined);
  if (newest === undefined) throw nothingApplied();
  const files = statuses.flatMap((status) => fileOf(status));
  const isRun = ({ kind }: MigrationStatus): boolean => run.has(kind);
  const applied = files.filter(({ status }) => isRun(status)).map(({ file }) => file);
  const others = files
    .filter(({ status }) => !isRun(status) && status.kind !== "skipped")
    .map(({ file }) => file);
  const isOlder = (file: MigrationFile): boolean => compareVersions(file.version, newest) <= 0;
  const pending = others.filter((file) => !isOlder(file));
  return {
    version: chooseVersion(newest, pending, now),
    versions,
    applied,
    neverApplied: others.filter(isOlder),
    pending,
  };
}

/** States of a file whose SQL the live schema shows. */
const run: ReadonlySet<MigrationStatus["kind"]> = new Set([
  "applied",
  "renamed",
  "edited",
  "renumbered",
] as const);

function fileOf(
  status: MigrationStatus,
): readonly { readonly status: MigrationStatus; readonly file: MigrationFile }[] {
  return status.kind === "missing_file" || status.file === undefined ? [] : [{ status, file: status.file }];
}

function assertNothingUnfinished(statuses: readonly MigrationStatus[]): void {
  const unfinished = statuses.find(({ kind }) => kind === "incomplete");
  if (unfinished?.kind !== "incomplete") return;
  throw new EngineError(
    "not_applicable",
    `Migration ${unfinished.run.version ?? unfinished.run.phaseNumber} was begun and not finished, so nobody can say what is applied.`,
    { hint: "Finish it with apply_migration, then call create_baseline again." },
  );
}

function nothingApplied(): EngineError {
  return new EngineError(
    "not_applicable",
    "The history records no applied migration, so there is nothing that a baseline could stand for.",
    {
      hint: 'Call apply_migration for pending files; a schema made by hand becomes a migration with create_migration { name, from_drift: "files_to_live" }.',
    },
  );
}

/** A version that is no real instant cannot be written; another one is then new to every other database. */
function chooseVersion(newest: Version, pending: readonly MigrationFile[], now: Date): Version {
  if (instantOf(newest) !== undefined) return newest;
  const version = nextVersion(now, [newest]);
  const first = pending.map((file) => file.version).toSorted(compareVersions)[0];
  if (version !== undefined && (first === undefined || compareVersions(version, first) < 0)) return version;
  throw new EngineError(
    "not_applicable",
    `The newest applied version, ${newest}, is no instant in UTC, and no version lies between it and the pending files.`,
    { hint: "Apply the pending files first, or give all files 14-digit versions with reconcile_history." },
  );
}
