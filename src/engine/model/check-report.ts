import type { Severity } from "./finding.ts";

/** One thing that a check of the migrations found. */
export interface CheckFinding {
  readonly severity: Severity;
  /** A rule's id (docs/rules.md), a finding about files (docs/findings.md), `syntax_error`, `sql_too_large` or `replay_failed`. */
  readonly code: string;
  /** The rule in words, such as `index-blocking`. */
  readonly rule?: string;
  /** Shown path of the file. */
  readonly file: string;
  /** One-based. */
  readonly statement?: number;
  /** One-based. */
  readonly line?: number;
  /** One-based, in code points. */
  readonly column?: number;
  readonly object?: string;
  readonly message: string;
  readonly hint: string;
  /** What could not be checked, and would decide it. */
  readonly needs?: string;
  /** The reason that the file gives for allowing it; it then fails no check. */
  readonly suppressed?: string;
}

/** What a folder of migrations holds, judged without any target. */
export interface CheckMigrationsReport {
  readonly summary: string;
  readonly folder: string;
  readonly files: number;
  readonly statements: number;
  /** Whether the folder was run on an empty database. */
  readonly replay: "done" | "skipped" | "failed";
  /** Of the files checked; what is suppressed is counted apart. */
  readonly counts: Readonly<Record<Severity, number>>;
  readonly suppressed?: number;
  /** The gravest first; pages for agents leave `info` out. */
  readonly findings: readonly CheckFinding[];
  readonly next_cursor?: string;
  readonly warnings?: readonly string[];
  readonly next_steps?: readonly string[];
}
