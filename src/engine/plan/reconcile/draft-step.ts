import { EngineError } from "../../errors.ts";
import type { HistoryEntry } from "../../model/history.ts";
import type { MigrationFile } from "../../model/migration.ts";
import type { MigrationStatus } from "../../model/reconciliation.ts";
import { acceptFile, keepBoth, restoreFile } from "./draft-edited.ts";
import { draftApplied, draftReverted, statementsOf } from "./draft-marks.ts";
import type { Drafting } from "./drafting.ts";
import { fileNameFor } from "./file-naming.ts";
import type { ReconcileAction, ReconcileStep } from "./reconcile-step.ts";
import { entryOf, fileOf, recordedText } from "./status-parts.ts";

/**
 * The changes of files and rows that carry out one action. Throws `reason_required`, `no_version_left`, and `file_not_readable` where
 * the SQL of a file would have to be known.
 */
export function draftStep(
  action: ReconcileAction,
  status: MigrationStatus,
  drafting: Drafting,
): ReconcileStep {
  switch (action) {
    case "adopt":
      return adopt(entryOf(status));
    case "placeholder":
      return placeholder(entryOf(status));
    case "mark_applied":
      return draftApplied(fileOf(status), status, drafting);
    case "mark_reverted":
      return draftReverted(entryOf(status), drafting);
    case "renumber_file":
      return renumberFile(status, drafting);
    case "renumber_row":
      return renumberRow(status, drafting);
    case "rename_file":
      return renameFile(fileOf(status), entryOf(status));
    case "rename_row":
      return renameRow(fileOf(status), entryOf(status));
    case "restore_file":
      return restoreFile(fileOf(status), entryOf(status));
    case "keep_both":
      return keepBoth(fileOf(status), entryOf(status), drafting);
    case "accept_file":
      return acceptFile(fileOf(status), entryOf(status), drafting);
    case "archive_file":
      return archiveFile(status);
    case "remove_copies":
      return removeCopies(entryOf(status));
    case "leave":
      throw new EngineError("internal_error", "What is left as it is has no step.");
  }
}

function adopt(entry: HistoryEntry): ReconcileStep {
  const { fileName, name } = fileNameFor(entry.version, entry.name ?? "");
  const why = "recorded as applied, and no file had it: the file holds the recorded SQL";
  const isRenamed = (entry.name ?? "") !== name;
  return {
    action: "adopt",
    version: entry.version,
    file: fileName,
    why,
    files: [{ kind: "write", fileName, sql: recordedText(entry), reason: why }],
    rows: isRenamed
      ? [
          {
            kind: "update",
            version: entry.version,
            to: { name },
            reason: "no file can have the recorded name",
          },
        ]
      : [],
  };
}

function placeholder(entry: HistoryEntry): ReconcileStep {
  const { fileName, name } = fileNameFor(entry.version, entry.name ?? "");
  const why = "recorded as applied without SQL, and no file had it: the file says so and runs nothing";
  const sql = `-- Migration: ${name.replaceAll(/\s+/g, " ") || entry.version}\n-- Recorded as applied; its SQL was not recorded.\n`;
  return {
    action: "placeholder",
    version: entry.version,
    file: fileName,
    why,
    files: [{ kind: "write", fileName, sql, reason: why }],
    rows: [
      {
        kind: "update",
        version: entry.version,
        to: { name, statements: statementsOf(sql) },
        reason: "its statements are those of the placeholder now",
      },
    ],
  };
}

function renumberFile(status: MigrationStatus, { versions }: Drafting): ReconcileStep {
  const file = fileOf(status);
  const isPaired = status.kind === "renumbered";
  const version = isPaired ? status.entry.version : versions.afterApplied(file.version);
  const recordedName = isPaired ? status.entry.name : undefined;
  const wanted = recordedName === undefined || recordedName === "" ? file.name : recordedName;
  const { fileName: to, name } = fileNameFor(version, wanted);
  const why = isPaired
    ? "its SQL was applied under that version"
    : "never applied: with a version after the applied ones it is pending";
  const needsRow = isPaired && recordedName !== undefined && recordedName !== "" && recordedName !== name;
  return {
    action: "renumber_file",
    version,
    file: file.fileName,
    to,
    why,
    files: [{ kind: "rename", fileName: file.fileName, to, reason: why }],
    rows: needsRow
      ? [{ kind: "update", version, to: { name }, reason: "no file can have the recorded name" }]
      : [],
  };
}

/** A row without a file gets its file with the version. */
function renumberRow(status: MigrationStatus, drafting: Drafting): ReconcileStep {
  const entry = entryOf(status);
  if (status.kind === "renumbered") {
    const { file } = status;
    const why = "its SQL is that of the file, whose version it gets";
    return {
      action: "renumber_row",
      version: entry.version,
      file: file.fileName,
      to: file.version,
      why,
      files: [],
      rows: [
        {
          kind: "update",
          version: entry.version,
          to: { version: file.version, name: file.name },
          reason: why,
        },
      ],
    };
  }
  const version = drafting.versions.forApplied();
  const { fileName, name } = fileNameFor(version, entry.name ?? "");
  const why = "no file can have the recorded version: row and file get a new one";
  return {
    action: "renumber_row",
    version: entry.version,
    file: fileName,
    to: version,
    why,
    files: [{ kind: "write", fileName, sql: recordedText(entry), reason: why }],
    rows: [{ kind: "update", version: entry.version, to: { version, name }, reason: why }],
  };
}

function renameFile(file: MigrationFile, entry: HistoryEntry): ReconcileStep {
  const { fileName: to } = fileNameFor(entry.version, entry.name ?? "");
  const why = "it was applied under that name";
  return {
    action: "rename_file",
    version: file.version,
    file: file.fileName,
    to,
    why,
    files: [{ kind: "rename", fileName: file.fileName, to, reason: why }],
    rows: [],
  };
}

function renameRow(file: MigrationFile, entry: HistoryEntry): ReconcileStep {
  const why = "the row gets the file's name";
  return {
    action: "rename_row",
    version: entry.version,
    file: file.fileName,
    why,
    files: [],
    rows: [{ kind: "update", version: entry.version, to: { name: file.name }, reason: why }],
  };
}

function archiveFile(status: MigrationStatus): ReconcileStep {
  const { fileName, version } = fileOf(status);
  const why =
    status.kind === "duplicate_version"
      ? `the same version and SQL as ${status.holder.fileName}`
      : "taken out of the folder on request; it was never applied";
  return {
    action: "archive_file",
    version,
    file: fileName,
    why,
    files: [{ kind: "archive", fileName, reason: why }],
    rows: [],
  };
}

function removeCopies({ version }: HistoryEntry): ReconcileStep {
  const why = "the version is recorded more than once";
  return {
    action: "remove_copies",
    version,
    why,
    files: [],
    rows: [{ kind: "remove_copies", version, reason: why }],
  };
}
