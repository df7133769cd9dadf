import type { Version } from "./version.ts";

/** One change of the migrations folder. Where `sha256` is given, hex, the file's bytes have to have it when it is changed. */
export type FileChange =
  /** A new file; its name is free, or that of a file that the same plan archives or renames. */
  | { readonly kind: "write"; readonly fileName: string; readonly sql: string; readonly reason: string }
  /** To `archive/`, with an entry in the manifest. */
  | {
      readonly kind: "archive";
      readonly fileName: string;
      readonly sha256?: string;
      readonly reason: string;
    }
  /** The same bytes under another name, with an entry among the manifest's renames. */
  | {
      readonly kind: "rename";
      readonly fileName: string;
      readonly to: string;
      readonly sha256?: string;
      readonly reason: string;
    }
  /** Back from `archive/` under its original name; the manifest's entry goes. */
  | {
      readonly kind: "restore";
      readonly archivedFile: string;
      readonly to: string;
      readonly sha256?: string;
      readonly reason: string;
    };

/** What a history entry holds that is written anew. */
export interface EntryContent {
  readonly version: Version;
  readonly name: string;
  readonly statements: readonly string[];
  readonly rollbackSql?: string;
  /** Of the file that the entry stands for; where it is given, a completed run of ours is recorded beside the entry. */
  readonly checksum?: string;
}

/** One change of `supabase_migrations.schema_migrations`; the row as it was goes to the archive table first. */
export type RowChange =
  | { readonly kind: "insert"; readonly entry: EntryContent; readonly reason: string }
  | { readonly kind: "remove"; readonly version: Version; readonly reason: string }
  /** Keeps every column that is not given; the runs of ours under that version follow version and checksum. */
  | {
      readonly kind: "update";
      readonly version: Version;
      readonly to: Partial<EntryContent>;
      readonly reason: string;
    }
  /** All but one of the rows of this version, where the table has lost its key. */
  | { readonly kind: "remove_copies"; readonly version: Version; readonly reason: string };

/** What changes files and history together or not at all, as a value: shown, digested, and refused when stale. */
export interface HistoryChangePlan {
  readonly formatVersion: 1;
  /** As `planIdOf` makes it; what has to be confirmed. */
  readonly id: string;
  readonly purpose: "reconcile" | "baseline";
  /** The target's identity, not its address. */
  readonly target: string;
  /** `digestHistory` of the history as read when planning. */
  readonly expectsHistory: string;
  /** `digestFiles` of the folder as read when planning. */
  readonly expectsFiles: string;
  /** Digest of the live schema as read when planning, where the plan was made from it. */
  readonly expectsSchema?: string;
  readonly files: readonly FileChange[];
  readonly rows: readonly RowChange[];
  /** Markdown that joins `archive/RECONCILIATION_SUMMARY.md` once all is done: what was, what is, why. */
  readonly summary: string;
}
