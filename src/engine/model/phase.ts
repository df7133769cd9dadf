import type { TableRows } from "./effects.ts";
import type { PlannedMigration } from "./plan.ts";
import type { RelationName } from "./relation-name.ts";
import type { RunStatus } from "./history.ts";

/** The column by whose values a phase is cut into batches. */
export interface PhaseKey {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** How a phase is cut into batches; times in milliseconds. */
export interface Batching {
  readonly key: PhaseKey;
  /** Rows of the key's table in one batch, at most. */
  readonly batchSize: number;
  readonly pauseMs: number;
  /** The longest that one batch's transaction may hold its locks. */
  readonly budgetMs: number;
}

/** A phase as its file says it. */
export interface PhaseSource {
  /** Free text without spaces, such as `1.2`. */
  readonly number: string;
  readonly name: string;
  readonly fileName: string;
  readonly sql: string;
  readonly rollbackSql: string | undefined;
  readonly batching: Batching | undefined;
}

/** What is sent for each batch: `$1` and `$2` stand where the file says `:from` and `:to`, at the same offsets. */
export interface BatchStatement {
  readonly text: string;
  readonly batching: Batching;
  /** What all batches together take away. */
  readonly takes: readonly BatchTaking[];
}

/** Rows or values that the batches of a phase take away from a table. */
export interface BatchTaking {
  readonly relation: RelationName;
  readonly change: "deleted" | "overwritten";
  /** True where no further condition leaves a row of the key's table out. */
  readonly isWhole: boolean;
}

/** A phase that can be run. Its SQL runs as `migration` in one transaction, or is one statement that runs once a batch. */
export interface PlannedPhase {
  readonly source: PhaseSource;
  /** Of what it does: the SQL's fingerprint and the key. */
  readonly checksum: string;
  readonly migration: PlannedMigration;
  readonly batch: BatchStatement | undefined;
}

/** How far the batches of a phase have come; written in the same transaction as each batch. Key values are text. */
export interface PhaseProgress {
  readonly key: string;
  /** The largest key when the phase began: rows beyond it are not touched. */
  readonly end: string | null;
  /** The largest key that is done; null before the first batch. */
  readonly mark: string | null;
  readonly batches: number;
  /** Rows of the key's table that batches have covered. */
  readonly rowsDone: number;
  /** Rows of the key's table when the phase began, as counted or estimated. */
  readonly rowsTotal: number;
  /** The size that the next batch has. */
  readonly batchSize: number;
  readonly durationMs: number;
  readonly tables: readonly TableRows[];
}

/** One phase in our own `migration_history`. */
export interface RecordedPhase {
  readonly id: number;
  readonly number: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly startedAt: string | undefined;
  readonly completedAt: string | undefined;
  readonly errorMessage: string | undefined;
  readonly rowsAffected: number | undefined;
  readonly checksum: string | undefined;
  readonly progress: PhaseProgress | undefined;
  /** The row of another table that this one was adopted from. */
  readonly adoptedFrom: AdoptedRow | undefined;
}

/** Where an adopted row was, and the whole of it. */
export interface AdoptedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** One phase of a `migration_history` that a project's own scripts have made. */
export interface FoundPhase extends AdoptedRow {
  readonly number: string;
  readonly name: string;
  /** The word that the table has for it. */
  readonly state: string;
}

/** A key as it is written in a file: `schema.table.column`, quoted where a name needs it. */
export function renderKey({ schema, table, column }: PhaseKey): string {
  return [schema, table, column]
    .map((name) => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`))
    .join(".");
}
