import type { MigrationFile } from "../../model/migration.ts";
import type { MigrationStatus, Reconciliation } from "../../model/reconciliation.ts";
import { compareVersions, parseVersion, type Version } from "../../model/version.ts";

/** A file of somebody else's that looks as if it stood for recorded migrations whose files are gone. */
export interface Squash {
  readonly file: MigrationFile;
  /** The recorded versions without a file that it would stand for, in order; never empty. */
  readonly standsFor: readonly Version[];
}

/**
 * The folder's oldest file, where recorded migrations before it have no file any more and it was never applied, was marked as applied, or no longer holds what was
 * applied under its version, as the Supabase CLI's squash leaves it. Where nothing is recorded before it, as with version 00000000000000, it stands for what is
 * recorded before the next file, unless its own SQL is known to have run. Whether it leads to the same schema is for a replay to tell.
 */
export function findSquash({ statuses }: Reconciliation): Squash | undefined {
  const [oldest, next] = statuses
    .flatMap((status) =>
      status.kind === "missing_file" || status.file === undefined ? [] : [{ status, file: status.file }],
    )
    .toSorted((a, b) => compareVersions(a.file.version, b.file.version));
  if (oldest === undefined) return undefined;
  const { status, file } = oldest;
  // What hands recorded under a text that is no number has no place before or after a file.
  const gone = statuses
    .flatMap((other) => (other.kind === "missing_file" ? [other.entry.version] : []))
    .filter((version) => parseVersion(version) !== undefined);
  const before = gone.filter((version) => compareVersions(version, file.version) < 0);
  if (before.length > 0)
    return unseen.has(status.kind) || status.kind === "applied"
      ? { file, standsFor: sorted(before) }
      : undefined;
  const until = gone.filter(
    (version) => next === undefined || compareVersions(version, next.file.version) < 0,
  );
  return until.length > 0 && isUnseen(status) ? { file, standsFor: sorted(until) } : undefined;
}

const unseen: ReadonlySet<MigrationStatus["kind"]> = new Set(["pending", "out_of_order", "edited"] as const);

/** True where the history does not know the file's SQL as something that ran. */
function isUnseen(status: MigrationStatus): boolean {
  return status.kind === "applied" ? !status.isContentKnown : unseen.has(status.kind);
}

function sorted(versions: readonly Version[]): readonly Version[] {
  return versions.toSorted(compareVersions);
}
