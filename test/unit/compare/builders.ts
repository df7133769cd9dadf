import { toChecksum } from "../../../src/engine/files/checksum.ts";
import { parseFileName } from "../../../src/engine/files/naming.ts";
import type { HistoryEntry, RunRecord } from "../../../src/engine/model/history.ts";
import type { MigrationFile } from "../../../src/engine/model/migration.ts";
import type { MigrationStatus } from "../../../src/engine/model/reconciliation.ts";
import { recordedVersion } from "../../../src/engine/model/version.ts";
import { sqlFingerprint } from "../../../src/engine/sql/token-stream.ts";

/** A migration file as the folder gives it. */
export function file(fileName: string, sql = `select '${fileName}';`): MigrationFile {
  const parsed = parseFileName(fileName);
  if (parsed === undefined) throw new Error(`${fileName} is no migration`);
  const content = { kind: "sql", sql, checksum: toChecksum(sql), fingerprint: sqlFingerprint(sql) } as const;
  return { ...parsed, fileName, content, skippedByCli: false };
}

/** A file whose text cannot be known. */
export function unreadableFile(fileName: string): MigrationFile {
  return { ...file(fileName), content: { kind: "unreadable", reason: "nul_byte", message: "NUL" } };
}

/** A history entry that records the SQL of the file of this name, unless told otherwise. */
export function entry(fileName: string, facts: Partial<HistoryEntry> = {}): HistoryEntry {
  const { version, name } = file(fileName);
  const statements = [`select '${fileName}'`];
  return { version, name, statements, createdBy: undefined, run: undefined, ...facts };
}

/** A run record of our own table. */
export function run(version: string, facts: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 1,
    version: recordedVersion(version),
    phaseNumber: version,
    phaseName: "x",
    status: "pending",
    startedAt: undefined,
    completedAt: undefined,
    errorMessage: undefined,
    rollbackSql: undefined,
    rowsAffected: undefined,
    checksum: undefined,
    runId: undefined,
    appliedBy: undefined,
    durationMs: undefined,
    statementResults: [],
    ...facts,
  };
}

/** A status as one readable line: its state, its file and the version of its entry. */
export function toLine(status: MigrationStatus): string {
  const fileName = "file" in status ? (status.file?.fileName ?? "-") : "-";
  const version = "entry" in status ? status.entry.version : "-";
  return `${status.kind} ${fileName} ${version}`;
}
