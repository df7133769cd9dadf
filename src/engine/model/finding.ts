export type Severity = "error" | "warning" | "info";

/** Every code a finding can have; docs/findings.md explains each. */
export type FindingCode =
  | "bad_file_name"
  | "impossible_instant"
  | "short_version"
  | "sequential_version"
  | "future_version"
  | "duplicate_version"
  | "byte_order_mark"
  | "carriage_returns"
  | "nul_byte"
  | "invalid_utf8"
  | "file_too_large"
  | "unreadable_file"
  | "empty_migration"
  | "subfolder"
  | "stray_sql_file"
  | "link_outside_project"
  | "skipped_by_cli"
  | "conflict_marker"
  | "both_ways"
  | "copy_from_stdin"
  | "psql_meta_command"
  | "folder_missing"
  | "archive_mismatch"
  | "schema_not_compared"
  | "archive_unlisted"
  | "unfinished_change";

/** One thing worth telling about files, history or the live schema. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  /** The file's path as shown to people, below the project. */
  readonly file?: string;
  readonly version?: string;
  /** One-based. */
  readonly statement?: number;
  /** One-based. */
  readonly line?: number;
  /** One-based, in code points. */
  readonly column?: number;
}
