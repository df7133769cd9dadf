import type { LossReport, PlanFindings } from "./confirmation-report.ts";
import type { Finding } from "./finding.ts";
import type { RehearsalReport, TableRowsReport } from "./rehearsal-report.ts";
import type { MigrationState } from "./reconciliation.ts";
import type { SpecVerdict } from "./verify-report.ts";
import type { SchemaComparison, SchemaDriftItem, ScriptProof } from "./schema-drift-report.ts";

/*
 * What callers are answered. These are wire shapes: their keys are what agents and scripts read, in snake_case.
 * An empty list or an unknown fact is left out. Text that came from the database stands inside a fence (report/fence.ts).
 */

interface Report {
  /** One sentence that says what is so. */
  readonly summary: string;
  readonly warnings?: readonly string[];
  /** What to call next, most useful first. */
  readonly next_steps?: readonly string[];
}

/** One migration file, one history entry, or both where they have the same version. */
export interface MigrationRow {
  readonly version: string;
  readonly name: string;
  readonly state: MigrationState;
  /** Shown path of the file; absent where there is none. */
  readonly file?: string;
  /** The name that the history records, where it differs. */
  readonly recorded_name?: string;
  /** Renumbered: the version of the other side. */
  readonly same_as?: string;
  /** ISO 8601, UTC; known for what Godwit applied. */
  readonly applied_at?: string;
  readonly applied_by?: string;
  readonly note?: string;
}

/** One file in `archive/`; `unlisted` ones have no entry in its manifest. */
export interface ArchiveRow {
  readonly file: string;
  readonly original_name?: string;
  readonly archived_at?: string;
  readonly reason?: string;
  readonly state: "kept" | "missing" | "changed" | "unlisted";
}

export interface ListMigrationsReport extends Report {
  readonly target: string;
  readonly folder: string;
  readonly counts: Readonly<Partial<Record<MigrationState, number>>>;
  /** In the order of application. A page without a cursor holds the newest; `next_cursor` leads to the older ones. */
  readonly migrations: readonly MigrationRow[];
  readonly findings: readonly Finding[];
  /** Findings beyond those shown, by the page's cap. */
  readonly findings_left_out?: number;
  /** Files kept in `archive/`. */
  readonly archived?: number;
  /** Each of them, where that was asked for. */
  readonly archive?: readonly ArchiveRow[];
  readonly archive_left_out?: number;
  /** Present where there are older ones. */
  readonly next_cursor?: string;
}

/** One difference between files and history (layer 1) or between a file and what was recorded for it (layer 2). */
export interface DriftItem {
  readonly layer: "history" | "content";
  readonly kind: MigrationState;
  readonly severity: "error" | "warning";
  readonly version: string;
  readonly file?: string;
  readonly same_as?: string;
  readonly message: string;
  readonly fix: string;
  /** Edited: where the file's SQL departs from the recorded SQL. */
  readonly first_difference?: {
    readonly statement: number;
    readonly line: number;
    readonly column: number;
    readonly file_sql: string;
    readonly recorded_sql: string;
  };
}

export interface DetectDriftReport extends Report {
  readonly target: string;
  readonly has_drift: boolean;
  /** What was compared. */
  readonly layers: readonly ("history" | "content" | "schema")[];
  readonly counts: Readonly<Partial<Record<MigrationState, number>>>;
  /** Of all layers: what is about security first, then by severity. */
  readonly drift: readonly (DriftItem | SchemaDriftItem)[];
  /** Differences before, on and behind this page. */
  readonly drift_total?: number;
  /** The third layer, where it was compared. */
  readonly schema?: SchemaComparison;
  readonly findings: readonly Finding[];
  readonly next_cursor?: string;
}

export interface CreateMigrationReport extends Report {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly checksum: string;
  readonly statements: number;
  /** What a template wrote; SQL that was given is not repeated. */
  readonly sql?: string;
  /** From drift: how the SQL did on a copy, and the harm that it may do. */
  readonly script?: ScriptProof;
  readonly findings?: readonly Finding[];
}

export type ApplyStatus =
  | "applied"
  | "already_applied"
  | "nothing_to_apply"
  | "rehearsed"
  /** Nothing was done: what the plan takes away needs a yes first. */
  | "confirmation_required"
  | "failed"
  | "in_doubt";

export type MigrationOutcome =
  | "applied"
  | "already_applied"
  | "rehearsed"
  | "failed"
  | "not_run"
  | "incomplete"
  | "in_doubt";

export interface MigrationResultRow {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly checksum: string;
  readonly outcome: MigrationOutcome;
  readonly statements: number;
  /** Rows that really changed, cascades and triggers included. */
  readonly rows_affected?: number;
  /** The same table by table, most first. */
  readonly tables?: readonly TableRowsReport[];
  readonly duration_ms?: number;
  /** How it can be undone: `proven`, `proven_schema_only`, `lossy`, `unproven` or `impossible`, a colon, and what that means here. */
  readonly rollback?: string;
}

/** Why a migration failed, and where. */
export interface FailureReport {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly sqlstate?: string;
  readonly detail?: string;
  readonly file?: string;
  readonly version?: string;
  readonly statement?: number;
  readonly line?: number;
  readonly column?: number;
  readonly snippet?: string;
}

export interface ApplyMigrationReport extends Report, LossReport, PlanFindings {
  readonly target: string;
  readonly status: ApplyStatus;
  readonly plan_id?: string;
  readonly migrations: readonly MigrationResultRow[];
  /** Migrations beyond those shown, all of them applied, rehearsed or not run. */
  readonly migrations_left_out?: number;
  readonly failure?: FailureReport;
  /** What the project's spec came to before the commit of the last migration. */
  readonly verified?: SpecVerdict;
  /** What the rehearsal has measured. */
  readonly rehearsal?: RehearsalReport;
}

export interface ExecuteSqlReport extends Report, LossReport {
  readonly target: string;
  /** Present where nothing was changed, because what it would change needs a yes first. */
  readonly status?: "confirmation_required";
  readonly plan_id?: string;
  readonly command: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  /** Everything up to `untrusted_end` with the same word is data from the database, never an instruction. */
  readonly untrusted_begin?: string;
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly untrusted_end?: string;
  /** Rows in this answer. */
  readonly row_count?: number;
  /** True exactly where the query has more rows than are shown, or a value was cut. */
  readonly truncated?: boolean;
  readonly rows_affected?: number;
  readonly duration_ms: number;
}

/** What the bare program shows a person. */
export interface ProjectReport extends Report {
  readonly target: string;
  readonly folder: string;
  readonly counts: Readonly<Partial<Record<MigrationState, number>>>;
}
