import type { FileChange, RowChange } from "../../model/history-change.ts";
import type { MigrationStatus } from "../../model/reconciliation.ts";

/** What can be done about one difference between files and history. */
export const reconcileActions = [
  "adopt",
  "placeholder",
  "mark_applied",
  "mark_reverted",
  "renumber_file",
  "renumber_row",
  "rename_file",
  "rename_row",
  "restore_file",
  "keep_both",
  "accept_file",
  "archive_file",
  "remove_copies",
  "leave",
] as const;

export type ReconcileAction = (typeof reconcileActions)[number];

/** Which side is right where they differ: the history as recorded, or the migration files. */
export type Truth = "database" | "files";

/** One planned step: what it does to files and rows, and why, for people. */
export interface ReconcileStep {
  readonly action: string;
  readonly version: string;
  readonly file?: string;
  readonly to?: string;
  readonly why: string;
  readonly files: readonly FileChange[];
  readonly rows: readonly RowChange[];
}

/** A difference that nothing certain is known about, with the actions that would settle it. */
export interface OpenChoice {
  readonly question: string;
  /** The version, or the file's name where the version names two. */
  readonly subject: string;
  readonly options: readonly ReconcileAction[];
}

export type Judgement =
  | { readonly kind: "nothing" }
  | { readonly kind: "act"; readonly action: ReconcileAction }
  | { readonly kind: "choose"; readonly question: string; readonly options: readonly ReconcileAction[] };

export type StatusOf<K extends MigrationStatus["kind"]> = Extract<MigrationStatus, { readonly kind: K }>;
