import type { FileChange, HistoryChangePlan, RowChange } from "../../model/history-change.ts";
import type { MigrationFile } from "../../model/migration.ts";
import { recordedVersion } from "../../model/version.ts";
import { digestFiles, historyChangeId } from "../history-change-id.ts";
import type { Replaced } from "./choose-replaced.ts";

/** A baseline that is about to take the place of what is recorded. */
export interface BaselineChange {
  readonly replaced: Replaced;
  readonly name: string;
  readonly checksum: string;
  /** The file to write; absent where it is in the folder already. `body` is the part of its text that is the same whenever it is made. */
  readonly file?: { readonly fileName: string; readonly text: string; readonly body: string };
  readonly statements: readonly string[];
  readonly target: string;
  readonly expectsHistory: string;
  readonly expectsSchema: string;
  readonly files: readonly MigrationFile[];
  /** Digests of the bytes of the files that go, by their names. */
  readonly sha256: ReadonlyMap<string, string>;
  readonly summary: string;
}

/** Files and rows to change, as one value. The id does not depend on the time at which it was made. */
export function planBaseline(change: BaselineChange): HistoryChangePlan {
  const { target, expectsHistory, expectsSchema, summary } = change;
  const expectsFiles = digestFiles(change.files);
  const facts = { purpose: "baseline", target, expectsHistory, expectsFiles, expectsSchema } as const;
  const { file } = change;
  const timeless = withoutTime(change);
  const id = historyChangeId({
    ...facts,
    files: changeFiles(timeless, file?.body ?? ""),
    rows: changeRows(timeless, { checksum: file?.body ?? change.checksum, statements: [] }),
  });
  return {
    formatVersion: 1,
    id,
    ...facts,
    files: changeFiles(change, file?.text ?? ""),
    rows: changeRows(change, change),
    summary,
  };
}

/** A version that nothing has recorded is that of the moment, and so is the file's name. */
function withoutTime(change: BaselineChange): BaselineChange {
  const { replaced, file } = change;
  if (replaced.versions.includes(replaced.version)) return change;
  return {
    ...change,
    replaced: { ...replaced, version: recordedVersion("new") },
    ...(file === undefined ? {} : { file: { ...file, fileName: "new" } }),
  };
}

function changeRows(
  { replaced: { version, versions }, name }: BaselineChange,
  content: Pick<BaselineChange, "checksum" | "statements">,
): readonly RowChange[] {
  const { checksum, statements } = content;
  return [
    ...versions.map((old): RowChange => ({
      kind: "remove",
      version: old,
      reason: `replaced by baseline ${version}`,
    })),
    { kind: "insert", entry: { version, name, statements, checksum }, reason: `baseline ${version}` },
  ];
}

function changeFiles(change: BaselineChange, text: string): readonly FileChange[] {
  const { file, replaced } = change;
  if (file === undefined) return [];
  const { fileName } = file;
  return [
    ...archiveFiles(change),
    { kind: "write", fileName, sql: text, reason: `baseline ${replaced.version}` },
  ];
}

function archiveFiles({ replaced, sha256 }: BaselineChange): readonly FileChange[] {
  const { version, applied, neverApplied } = replaced;
  const archive =
    (reason: string) =>
    ({ fileName }: MigrationFile): FileChange => ({
      kind: "archive",
      fileName,
      sha256: sha256.get(fileName) ?? "",
      reason,
    });
  return [
    ...applied.map(archive(`replaced by baseline ${version}`)),
    ...neverApplied.map(archive(`never applied, and older than baseline ${version}`)),
  ];
}
