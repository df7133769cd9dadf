import * as z from "zod";
import { EngineError } from "../errors.ts";
import { recordedVersion, type Version } from "../model/version.ts";
import type { History, HistoryEntry, RunRecord } from "../model/history.ts";
import type { Row, Reader } from "../ports.ts";
import { tableRows } from "./table-rows.ts";
import { toHistoryError } from "./history-error.ts";
import { allEntries, allEntriesAndRuns, recordedNow, tableShapes } from "./queries.ts";

/** The columns that the two tables have; empty where a table does not exist. */
export interface TableShapes {
  readonly entryColumns: ReadonlySet<string>;
  readonly runColumns: ReadonlySet<string>;
}

const entryFields = z.object({
  version: z.string(),
  name: z.string().nullish(),
  statements: z.array(z.string().nullable()).nullish(),
  created_by: z.string().nullish(),
});

const statementResult = z.object({
  index: z.number(),
  state: z.enum(["running", "done"]),
  fingerprint: z.string(),
  command: z.string(),
  rowsAffected: z.number(),
  durationMs: z.number(),
  tables: z.exactOptional(z.array(tableRows)),
});

const instant = z.string().nullish();

const runFields = z.object({
  id: z.number(),
  version: z.string().nullish(),
  phase_number: z.string(),
  phase_name: z.string(),
  status: z.enum(["pending", "completed", "error"]),
  started_at: instant,
  completed_at: instant,
  error_message: z.string().nullish(),
  rollback_sql: z.string().nullish(),
  rows_affected: z.number().nullish(),
  checksum: z.string().nullish(),
  run_id: z.string().nullish(),
  applied_by: z.string().nullish(),
  duration_ms: z.number().nullish(),
  statement_results: z.array(statementResult),
});

export async function readTableShapes(session: Reader): Promise<TableShapes> {
  const { rows } = await session.run(tableShapes);
  const columnsOf = (table: string) =>
    new Set(rows.filter((row) => row["table_name"] === table).map((row) => String(row["column_name"])));
  return { entryColumns: columnsOf("schema_migrations"), runColumns: columnsOf("migration_history") };
}

/**
 * Reads both tables at one moment, in whatever shape they are; tables that are not there read as empty. Changes nothing.
 * Throws `history_shape`, `permission_denied`, `connection_lost`.
 */
export async function readHistory(session: Reader): Promise<History> {
  try {
    return await readTables(session);
  } catch (error) {
    throw toHistoryError(error, "read");
  }
}

async function readTables(session: Reader): Promise<History> {
  const shapes = await readTableShapes(session);
  if (shapes.entryColumns.size === 0) return { exists: false, entries: [], unfinished: [] };
  if (!shapes.entryColumns.has("version")) {
    throw new EngineError("history_shape", "supabase_migrations.schema_migrations has no column version.");
  }
  const { rows } = await session.run(hasRuns(shapes) ? allEntriesAndRuns : allEntries);
  const runs = rows.filter((row) => row["kind"] === "run").map(toRun);
  return toHistory(
    rows.filter((row) => row["kind"] === "entry"),
    runs,
  );
}

const recordedFields = z.object({
  versions: z.array(z.string()),
  entry: z.object({ statements: z.array(z.string().nullable()).nullish() }).nullable(),
  run: z.object({ id: z.number(), status: z.string(), results: z.number() }).nullable(),
});

/** What the history says of one version, and which others it records, at the moment of asking. */
export type RecordedNow = z.infer<typeof recordedFields>;

/** Looks again at what is recorded; both tables have to be there. */
export async function readRecordedNow(session: Reader, version: Version): Promise<RecordedNow> {
  const { rows } = await session.run(recordedNow(version));
  return recordedFields.parse(rows[0]);
}

/** True where `migration_history` is ours and not a table of the same name in another shape. */
export function hasRuns(shapes: TableShapes): boolean {
  return ["kind", "run_id", "statement_results"].every((column) => shapes.runColumns.has(column));
}

function toHistory(entryRows: readonly Row[], runs: readonly RunRecord[]): History {
  const newestRun = new Map<Version, RunRecord>();
  for (const run of runs) {
    const known = run.version === undefined ? undefined : newestRun.get(run.version);
    if (run.version !== undefined && (known === undefined || known.id < run.id))
      newestRun.set(run.version, run);
  }
  const entries = entryRows.map((row) => toEntry(row, newestRun));
  const recorded = new Set(entries.map((entry) => entry.version));
  const unfinished = [...newestRun.values()].filter(
    (run) =>
      run.version !== undefined &&
      !recorded.has(run.version) &&
      run.status !== "completed" &&
      run.statementResults.length > 0,
  );
  return { exists: true, entries, unfinished };
}

function toEntry(row: Row, runs: ReadonlyMap<Version, RunRecord>): HistoryEntry {
  const fields = entryFields.parse(row["fields"]);
  const version = recordedVersion(fields.version);
  const statements = fields.statements?.filter((statement) => statement !== null);
  return {
    version,
    name: fields.name ?? undefined,
    statements,
    createdBy: fields.created_by ?? undefined,
    run: runs.get(version),
  };
}

function toRun(row: Row): RunRecord {
  const fields = runFields.parse(row["fields"]);
  return {
    id: fields.id,
    version:
      fields.version === null || fields.version === undefined ? undefined : recordedVersion(fields.version),
    phaseNumber: fields.phase_number,
    phaseName: fields.phase_name,
    status: fields.status,
    startedAt: toDate(fields.started_at),
    completedAt: toDate(fields.completed_at),
    errorMessage: fields.error_message ?? undefined,
    rollbackSql: fields.rollback_sql ?? undefined,
    rowsAffected: fields.rows_affected ?? undefined,
    checksum: fields.checksum ?? undefined,
    runId: fields.run_id ?? undefined,
    appliedBy: fields.applied_by ?? undefined,
    durationMs: fields.duration_ms ?? undefined,
    statementResults: fields.statement_results,
  };
}

function toDate(text: string | null | undefined): Date | undefined {
  return text === null || text === undefined ? undefined : new Date(text);
}
