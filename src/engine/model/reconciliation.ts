import type { HistoryEntry, RunRecord } from "./history.ts";
import type { MigrationFile } from "./migration.ts";

/** How one migration file, one history entry, or the pair of them stand to each other (docs/glossary.md). */
export type MigrationStatus =
  | {
      readonly kind: "applied";
      readonly file: MigrationFile;
      readonly entry: HistoryEntry;
      /** False where the entry records no SQL, so that the file's content cannot be compared. */
      readonly isContentKnown: boolean;
    }
  | { readonly kind: "pending"; readonly file: MigrationFile }
  | { readonly kind: "out_of_order"; readonly file: MigrationFile }
  | { readonly kind: "missing_file"; readonly entry: HistoryEntry }
  | { readonly kind: "renumbered"; readonly file: MigrationFile; readonly entry: HistoryEntry }
  | { readonly kind: "renamed"; readonly file: MigrationFile; readonly entry: HistoryEntry }
  | { readonly kind: "edited"; readonly file: MigrationFile; readonly entry: HistoryEntry }
  | {
      readonly kind: "duplicate_version";
      readonly file: MigrationFile;
      /** The file that holds the version: the one that was applied, else the first by name. */
      readonly holder: MigrationFile;
    }
  | { readonly kind: "incomplete"; readonly file: MigrationFile | undefined; readonly run: RunRecord }
  | { readonly kind: "skipped"; readonly file: MigrationFile };

export type MigrationState = MigrationStatus["kind"];

/** Files against history, in the order of versions. */
export interface Reconciliation {
  readonly statuses: readonly MigrationStatus[];
}
