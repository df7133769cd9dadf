import type { HistoryEntry } from "../../model/history.ts";
import type { MigrationFile } from "../../model/migration.ts";
import { statementsOf } from "./draft-marks.ts";
import type { Drafting } from "./drafting.ts";
import { fileNameFor } from "./file-naming.ts";
import { newStatements } from "./new-statements.ts";
import type { ReconcileStep } from "./reconcile-step.ts";
import { recordedText, sqlOf } from "./status-parts.ts";

/** The file holds again what was applied, under the recorded name; the edited text goes to the archive. */
export function restoreFile(file: MigrationFile, entry: HistoryEntry): ReconcileStep {
  const why =
    "edited after it was applied: it holds again what was applied, the edited text is in the archive";
  const recordedName = entry.name === undefined || entry.name === "" ? file.name : entry.name;
  const { fileName, name } = fileNameFor(entry.version, recordedName);
  return {
    action: "restore_file",
    version: file.version,
    file: fileName,
    why,
    files: [
      {
        kind: "archive",
        fileName: file.fileName,
        reason: "edited after it was applied; replaced by what was applied",
      },
      { kind: "write", fileName, sql: recordedText(entry), reason: why },
    ],
    rows:
      name === recordedName
        ? []
        : [
            {
              kind: "update",
              version: entry.version,
              to: { name },
              reason: "no file can have the recorded name",
            },
          ],
  };
}

/** The same, and what the edited file has beyond it becomes a pending migration. */
export function keepBoth(file: MigrationFile, entry: HistoryEntry, { versions }: Drafting): ReconcileStep {
  const restored = restoreFile(file, entry);
  const version = versions.afterAll();
  const { fileName: to } = fileNameFor(version, `${file.name}_changes`);
  const sql = newStatements(sqlOf(file), entry.statements ?? [], file.fileName);
  const why =
    "edited after it was applied: it holds again what was applied, its new statements are a pending migration";
  return {
    ...restored,
    action: "keep_both",
    to,
    why,
    files: [...restored.files, { kind: "write", fileName: to, sql, reason: why }],
  };
}

/** The row records what the file holds now. */
export function acceptFile(file: MigrationFile, entry: HistoryEntry, { reason }: Drafting): ReconcileStep {
  const why = reason ?? "the files are the truth: the row records the file's SQL";
  return {
    action: "accept_file",
    version: file.version,
    file: file.fileName,
    why,
    files: [],
    rows: [
      {
        kind: "update",
        version: entry.version,
        to: { name: file.name, statements: statementsOf(sqlOf(file)) },
        reason: why,
      },
    ],
  };
}
