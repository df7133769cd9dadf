import { EngineError } from "../errors.ts";
import { listFew } from "../model/list-few.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { MigrationStatus, Reconciliation } from "../model/reconciliation.ts";
import { compareVersions, instantOf, nextVersion, parseVersion, type Version } from "../model/version.ts";

/** SQL that a call wants applied, with what it says about its place. */
export interface GivenSql {
  readonly name: string;
  readonly fingerprint: string;
  readonly version: string | undefined;
}

/** Where given SQL belongs: a file that has it already, a new file, or the place of a pending file. */
export type Placement =
  | { readonly kind: "use_file"; readonly file: MigrationFile }
  | { readonly kind: "already_applied"; readonly file: MigrationFile }
  | { readonly kind: "new_file"; readonly version: Version }
  | { readonly kind: "replace_file"; readonly version: Version; readonly replaced: MigrationFile };

/** A file that is still to be applied, or to be gone on with. */
type Waiting = Extract<MigrationStatus, { kind: "pending" | "out_of_order" | "incomplete" }> & {
  readonly file: MigrationFile;
};

/**
 * Decides before anything is written. The same name and SQL a second time is the same migration.
 * Throws `name_taken`, `pending_first`, `version_invalid`, `version_taken`, `version_too_old`, `no_version_left`.
 */
export function placeGivenSql(given: GivenSql, reconciliation: Reconciliation, now: Date): Placement {
  const { statuses } = reconciliation;
  const placement =
    given.version === undefined
      ? placeByName(given, statuses, now)
      : placeByVersion(given, given.version, statuses);
  if (placement.kind !== "already_applied") assertNothingFirst(placement, statuses);
  return placement;
}

/** The version right after all that is recorded, where pending files follow it and leave it free. */
export function versionBeforePending(statuses: readonly MigrationStatus[]): Version | undefined {
  const pending = statuses.flatMap((status) => (status.kind === "pending" ? [status.file.version] : []));
  const recorded = statuses.flatMap((status) => ("entry" in status ? [status.entry.version] : []));
  const [first] = pending.toSorted(compareVersions);
  if (first === undefined || recorded.length === 0) return undefined;
  const version = nextVersion(new Date(0), recorded);
  return version !== undefined && compareVersions(version, first) < 0 ? version : undefined;
}

/** The version for a new file: after every file and every history entry. Throws `no_version_left`. */
export function versionAfterAll(statuses: readonly MigrationStatus[], now: Date): Version {
  const taken = statuses.flatMap(versionsOf).filter((version) => parseVersion(version) !== undefined);
  const version = nextVersion(now, taken);
  if (version !== undefined) return version;
  const last = taken.toSorted(compareVersions).at(-1) ?? "";
  throw new EngineError("no_version_left", `No 14-digit version sorts after ${last}, which exists.`);
}

function placeByName(given: GivenSql, statuses: readonly MigrationStatus[], now: Date): Placement {
  const sameName = statuses.filter(
    (status) => status.kind !== "missing_file" && status.file?.name === given.name,
  );
  const same = sameName.find((status) => hasSql(status, given.fingerprint));
  if (same !== undefined) return reuse(same);
  const waiting = sameName.find(isWaiting);
  if (waiting !== undefined) {
    throw new EngineError(
      "name_taken",
      `${waiting.file.fileName} is ${waiting.kind.replaceAll("_", " ")} with other SQL.`,
      {
        file: waiting.file.fileName,
        version: waiting.file.version,
        hint: `To replace its text pass version: "${waiting.file.version}" with this query; to add another migration use another name.`,
      },
    );
  }
  return { kind: "new_file", version: versionAfterAll(statuses, now) };
}

function reuse(status: MigrationStatus): Placement {
  if (status.kind === "missing_file" || status.file === undefined) throw new Error("only files are reused");
  const { kind, file } = status;
  if (kind === "applied" || kind === "renamed" || kind === "renumbered")
    return { kind: "already_applied", file };
  return { kind: "use_file", file };
}

function placeByVersion(given: GivenSql, text: string, statuses: readonly MigrationStatus[]): Placement {
  const version = parseVersion(text);
  if (version === undefined || instantOf(version) === undefined) {
    throw new EngineError(
      "version_invalid",
      `${JSON.stringify(text)} is not a version: it has to be 14 digits that name a real instant.`,
    );
  }
  const holder = statuses.find((status) => versionsOf(status).includes(version));
  if (holder !== undefined) return placeAtHolder(given, version, holder);
  const newest = statuses.flatMap(versionsOf).filter(isNumber).toSorted(compareVersions).at(-1);
  if (newest !== undefined && compareVersions(version, newest) < 0) {
    throw new EngineError("version_too_old", `${version} is before ${newest}, which exists.`);
  }
  return { kind: "new_file", version };
}

function placeAtHolder(given: GivenSql, version: Version, holder: MigrationStatus): Placement {
  if (hasSql(holder, given.fingerprint)) return reuse(holder);
  if (isWaiting(holder)) return { kind: "replace_file", version, replaced: holder.file };
  throw new EngineError("version_taken", `${version} is ${holder.kind.replaceAll("_", " ")} with other SQL.`);
}

/** Applying new SQL over files that wait would leave them behind, out of order. */
function assertNothingFirst(placement: Placement, statuses: readonly MigrationStatus[]): void {
  const own =
    placement.kind === "use_file"
      ? placement.file
      : placement.kind === "replace_file"
        ? placement.replaced
        : undefined;
  const first = statuses.filter(
    (status) =>
      status.kind === "pending" &&
      status.file !== own &&
      (own === undefined || compareVersions(status.file.version, own.version) < 0),
  );
  if (first.length === 0) return;
  const names = first.flatMap((status) => (status.kind === "pending" ? [status.file.fileName] : []));
  const [one = ""] = names;
  const listed = listFew(names, 5, (name) => name);
  throw new EngineError(
    "pending_first",
    `${names.length} pending before it: ${listed}. Nothing was written.`,
    {
      hint: `Apply them with apply_migration {}, or replace one by passing its version with this query, such as version: "${one.split("_")[0] ?? ""}".`,
    },
  );
}

function hasSql(status: MigrationStatus, fingerprint: string): boolean {
  if (status.kind === "missing_file") return false;
  return status.file?.content.kind === "sql" && status.file.content.fingerprint === fingerprint;
}

function isWaiting(status: MigrationStatus): status is Waiting {
  if (status.kind === "incomplete") return status.file !== undefined;
  return status.kind === "pending" || status.kind === "out_of_order";
}

function isNumber(version: Version): boolean {
  return parseVersion(version) !== undefined;
}

function versionsOf(status: MigrationStatus): readonly Version[] {
  switch (status.kind) {
    case "missing_file":
      return [status.entry.version];
    case "renumbered":
      return [status.file.version, status.entry.version];
    case "incomplete":
      return [status.file?.version ?? status.run.version].filter((version) => version !== undefined);
    case "applied":
    case "pending":
    case "out_of_order":
    case "renamed":
    case "edited":
    case "duplicate_version":
    case "skipped":
      return [status.file.version];
  }
}
