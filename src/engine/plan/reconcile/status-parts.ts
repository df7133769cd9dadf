import { EngineError } from "../../errors.ts";
import type { HistoryEntry } from "../../model/history.ts";
import type { MigrationFile } from "../../model/migration.ts";
import type { MigrationStatus } from "../../model/reconciliation.ts";
import { adoptedText } from "./adopted-text.ts";

/** The text of a file that holds what an entry records. Throws `not_applicable` where none can. */
export function recordedText(entry: HistoryEntry): string {
  const sql = adoptedText(entry.statements ?? []);
  if (sql !== undefined && entry.statements !== undefined) return sql;
  throw new EngineError(
    "not_applicable",
    `What is recorded for ${JSON.stringify(entry.version)} is no SQL that a file can hold.`,
    {
      hint: `Give "placeholder ${entry.version}" or "mark_reverted ${entry.version}" in actions.`,
    },
  );
}

/** A file's SQL. Throws `file_not_readable` where it cannot be known. */
export function sqlOf({ content, fileName }: MigrationFile): string {
  if (content.kind === "sql") return content.sql;
  throw new EngineError("file_not_readable", `${fileName}: ${content.message}`, { file: fileName });
}

/** The file that a status is about. Throws `not_applicable` where there is none. */
export function fileOf(status: MigrationStatus): MigrationFile {
  const file = status.kind === "missing_file" ? undefined : status.file;
  if (file !== undefined) return file;
  throw new EngineError("not_applicable", "There is no file that this action could be about.");
}

/** The history entry that a status is about. Throws `not_applicable` where there is none. */
export function entryOf(status: MigrationStatus): HistoryEntry {
  if ("entry" in status) return status.entry;
  throw new EngineError("not_applicable", "The history has no entry that this action could be about.");
}
