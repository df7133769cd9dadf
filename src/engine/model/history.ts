import type { TableRows } from "./effects.ts";
import type { Version } from "./version.ts";

/** The states that `migration_history.status` can have. */
export type RunStatus = "pending" | "completed" | "error";

/** What one statement of a run did. */
export interface StatementResult {
  /** Zero-based index in the recorded statements. */
  readonly index: number;
  /** `running` was written before a statement that cannot run in a transaction, and stays where its end was never seen. */
  readonly state: "running" | "done";
  /** Fingerprint of the statement, so that a resumed run can tell whether the file is still the one that was begun. */
  readonly fingerprint: string;
  /** The command tag that Postgres answered, without counts, such as `CREATE TABLE`. */
  readonly command: string;
  /** What the command tag counts; triggers, cascades and what a function did are not in it. */
  readonly rowsAffected: number;
  readonly durationMs: number;
  /** On the last statement of a transaction: the rows that really changed in all of it, table by table. */
  readonly tables?: readonly TableRows[];
}

/** One row of our own `supabase_migrations.migration_history`. */
export interface RunRecord {
  readonly id: number;
  readonly version: Version | undefined;
  readonly phaseNumber: string;
  readonly phaseName: string;
  readonly status: RunStatus;
  readonly startedAt: Date | undefined;
  readonly completedAt: Date | undefined;
  readonly errorMessage: string | undefined;
  readonly rollbackSql: string | undefined;
  readonly rowsAffected: number | undefined;
  readonly checksum: string | undefined;
  readonly runId: string | undefined;
  readonly appliedBy: string | undefined;
  readonly durationMs: number | undefined;
  readonly statementResults: readonly StatementResult[];
}

/** One row of `supabase_migrations.schema_migrations`, with our own newest row of the same version beside it. */
export interface HistoryEntry {
  readonly version: Version;
  readonly name: string | undefined;
  /** The recorded SQL as its writer split it; undefined where the row has none, so that nothing can be compared. */
  readonly statements: readonly string[] | undefined;
  readonly createdBy: string | undefined;
  readonly run: RunRecord | undefined;
}

/** All that the target records. */
export interface History {
  /** False where the target has no history table yet. */
  readonly exists: boolean;
  readonly entries: readonly HistoryEntry[];
  /** Runs of a version that have no history entry: begun and not finished, or failed after a step that could not be rolled back. */
  readonly unfinished: readonly RunRecord[];
}
