import { EngineError } from "../../errors.ts";
import { parseHeader } from "../../files/header.ts";
import type { HistoryEntry } from "../../model/history.ts";
import type { MigrationFile } from "../../model/migration.ts";
import type { MigrationStatus } from "../../model/reconciliation.ts";
import { splitStatements } from "../../sql/split.ts";
import type { Drafting } from "./drafting.ts";
import { fileNameFor } from "./file-naming.ts";
import type { ReconcileStep } from "./reconcile-step.ts";

/** Records a file as applied without running it, as `supabase migration repair --status applied` does. Throws `reason_required`. */
export function draftApplied(
  file: MigrationFile,
  status: MigrationStatus,
  drafting: Drafting,
): ReconcileStep {
  const table = drafting.foreign.get(file.fileName);
  const why = drafting.reason ?? (table === undefined ? undefined : `recorded as run in ${table}`);
  if (why === undefined) throw reasonRequired(`mark_applied ${file.fileName}`);
  if (file.content.kind === "unreadable") {
    throw new EngineError("file_not_readable", `${file.fileName}: ${file.content.message}`, {
      file: file.fileName,
    });
  }
  const isTaken = status.kind === "duplicate_version";
  const version = isTaken ? drafting.versions.afterApplied(file.version) : file.version;
  const { fileName: to, name } = isTaken
    ? fileNameFor(version, file.name)
    : { fileName: file.fileName, name: file.name };
  const rollbackSql = parseHeader(file.content.sql).rollbackSql;
  return {
    action: "mark_applied",
    version,
    file: file.fileName,
    ...(isTaken ? { to } : {}),
    why,
    files: isTaken ? [{ kind: "rename", fileName: file.fileName, to, reason: why }] : [],
    rows: [
      {
        kind: "insert",
        entry: {
          version,
          name,
          statements: statementsOf(file.content.sql),
          ...(rollbackSql === undefined ? {} : { rollbackSql }),
          // Our own row beside it, without statements: promoting can tell a mark from a run.
          checksum: file.content.checksum,
        },
        reason: why,
      },
    ],
  };
}

/** Takes a row out of the history, into the archive table; the schema stays as it is. Throws `reason_required`. */
export function draftReverted(entry: HistoryEntry, { reason }: Drafting): ReconcileStep {
  if (reason === undefined) throw reasonRequired(`mark_reverted ${entry.version}`);
  return {
    action: "mark_reverted",
    version: entry.version,
    why: reason,
    files: [],
    rows: [{ kind: "remove", version: entry.version, reason }],
  };
}

/** The statements as the history records them. */
export function statementsOf(sql: string): readonly string[] {
  return splitStatements(sql).map(({ text }) => text);
}

function reasonRequired(action: string): EngineError {
  return new EngineError("reason_required", `${JSON.stringify(action)} needs a reason.`);
}
