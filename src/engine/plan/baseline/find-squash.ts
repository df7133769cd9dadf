import type { MigrationFile } from "../../model/migration.ts";
import type { MigrationStatus, Reconciliation } from "../../model/reconciliation.ts";
import { compareVersions } from "../../model/version.ts";

/** A file of somebody else's that looks as if it stood for everything recorded before it. */
export interface Squash {
  readonly file: MigrationFile;
  /** How many recorded migrations before it have no file any more. */
  readonly missing: number;
}

/**
 * The folder's oldest file where it was never applied, was marked as applied, or no longer holds what was applied under its version, as the Supabase CLI's squash
 * leaves it, and every recorded migration before it has lost its file. Whether it leads to the same schema is for a replay to tell.
 */
export function findSquash({ statuses }: Reconciliation): Squash | undefined {
  const holders = statuses.flatMap((status) =>
    status.kind === "missing_file" || status.file === undefined ? [] : [{ status, file: status.file }],
  );
  const [oldest] = holders.toSorted((a, b) => compareVersions(a.file.version, b.file.version));
  if (oldest === undefined || !squashed.has(oldest.status.kind)) return undefined;
  const { file } = oldest;
  const missing = statuses.filter(
    (status) => status.kind === "missing_file" && compareVersions(status.entry.version, file.version) < 0,
  ).length;
  return missing === 0 ? undefined : { file, missing };
}

const squashed: ReadonlySet<MigrationStatus["kind"]> = new Set(["pending", "edited", "applied"] as const);
