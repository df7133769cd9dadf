import type { FileChange, HistoryChangePlan, RowChange } from "../../model/history-change.ts";
import type { MigrationFile } from "../../model/migration.ts";
import { digestFiles, historyChangeId } from "../history-change-id.ts";
import type { Replaced } from "./choose-replaced.ts";

/** A baseline that is about to take the place of what is recorded. */
export interface BaselineChange {
  readonly replaced: Replaced;
  readonly fileName: string;
  readonly name: string;
  /** The whole file; absent where it is in the folder already. */
  readonly text: string | undefined;
  /** The part of it that is the same whenever it is made. */
  readonly body: string;
  readonly statements: readonly string[];
  readonly target: string;
  readonly expectsHistory: string;
  readonly files: readonly MigrationFile[];
  /** Digest of a file's bytes, by its name. */
  readonly sha256Of: (fileName: string) => string;
  readonly summary: string;
}

/** Files and rows to change, as one value. The id does not depend on the time at which it was made. */
export function planBaseline(change: BaselineChange): HistoryChangePlan {
  const { replaced, fileName, name, text, body, statements, target, expectsHistory, summary } = change;
  const { version } = replaced;
  const archived = archiveFiles(change);
  const writing = (sql: string): readonly FileChange[] => [
    { kind: "write", fileName, sql, reason: `baseline ${version}` },
  ];
  const rows: readonly RowChange[] = [
    ...replaced.versions.map(
      (old): RowChange => ({ kind: "remove", version: old, reason: `replaced by baseline ${version}` }),
    ),
    { kind: "insert", entry: { version, name, statements }, reason: `baseline ${version}` },
  ];
  const facts = {
    purpose: "baseline",
    target,
    expectsHistory,
    expectsFiles: digestFiles(change.files),
  } as const;
  const id = historyChangeId({
    ...facts,
    files: text === undefined ? archived : [...archived, ...writing(body)],
    rows: [...rows.slice(0, -1), { kind: "insert", entry: { version, name, statements: [] }, reason: body }],
  });
  return {
    formatVersion: 1,
    id,
    ...facts,
    files: text === undefined ? archived : [...archived, ...writing(text)],
    rows,
    summary,
  };
}

function archiveFiles({ replaced, sha256Of }: BaselineChange): readonly FileChange[] {
  const { version, applied, neverApplied } = replaced;
  const archive = (reason: string) => ({ fileName }: MigrationFile): FileChange => ({
    kind: "archive",
    fileName,
    sha256: sha256Of(fileName),
    reason,
  });
  return [
    ...applied.map(archive(`replaced by baseline ${version}`)),
    ...neverApplied.map(archive(`never applied, and older than baseline ${version}`)),
  ];
}
