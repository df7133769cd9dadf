import type { MigrationStatus } from "../../model/reconciliation.ts";

/** The statuses of rows whose version another row has as well, where a table has lost its key; of each version one is left out: it stays. */
export function findCopies(statuses: readonly MigrationStatus[]): ReadonlySet<MigrationStatus> {
  const kept = new Set(
    statuses.flatMap((status) =>
      "entry" in status && status.kind !== "missing_file" ? [status.entry.version] : [],
    ),
  );
  const copies = new Set<MigrationStatus>();
  for (const status of statuses) {
    if (status.kind !== "missing_file") continue;
    if (kept.has(status.entry.version)) copies.add(status);
    kept.add(status.entry.version);
  }
  return copies;
}
