import { toChecksum } from "../../files/checksum.ts";
import { parseHeader, withRollbackBlock } from "../../files/header.ts";
import { toFileName } from "../../files/naming.ts";
import type { HistoryEntry } from "../../model/history.ts";
import type { RowChange } from "../../model/history-change.ts";
import type { MigrationStatus } from "../../model/reconciliation.ts";
import type { Version } from "../../model/version.ts";
import { splitBothWays, type BothWays } from "../../sql/both-ways.ts";
import { sqlFingerprint } from "../../sql/token-stream.ts";
import { statementsOf } from "./draft-marks.ts";
import type { ReconcileStep } from "./reconcile-step.ts";

interface FileToSplit {
  readonly fileName: string;
  readonly bothWays: BothWays;
  readonly entry: HistoryEntry | undefined;
  /** The version and name that the file has afterwards. */
  readonly version: Version;
  readonly name: string;
}

/**
 * The two ways that a file holds. Undefined where it holds one, and where it was edited beyond what its entry records: what was applied
 * is then to be settled first.
 */
export function bothWaysOf(status: MigrationStatus): BothWays | undefined {
  const file = status.kind === "missing_file" ? undefined : status.file;
  const bothWays = file?.content.kind === "sql" ? splitBothWays(file.content.sql) : undefined;
  if (bothWays === undefined || status.kind !== "edited") return bothWays;
  const { statements = [] } = status.entry;
  return sqlFingerprint(statements) === sqlFingerprint(bothWays.up) ? bothWays : undefined;
}

/** The file becomes the way there with the way back as its rollback block; a row that recorded both records what the file says then. */
export function splitWays(file: FileToSplit): ReconcileStep {
  const { fileName, entry, version, name } = file;
  const { sql, rollbackSql, why } = writeOneWay(file.bothWays);
  const to = toFileName(version, name);
  return {
    action: "split_ways",
    version: entry?.version ?? version,
    file: fileName,
    ...(to === fileName ? {} : { to }),
    why,
    files: [
      { kind: "archive", fileName, reason: why },
      { kind: "write", fileName: to, sql, reason: why },
    ],
    rows: entry === undefined ? [] : [recordOneWay({ ...file, entry }, { sql, rollbackSql, why })],
  };
}

interface OneWay {
  readonly sql: string;
  readonly rollbackSql: string | undefined;
  readonly why: string;
}

/** A block that would read back as other SQL is none: half a way back is worse than one to be fetched from the archive. */
function writeOneWay({ up, down }: BothWays): OneWay {
  const sql = withRollbackBlock(up, down);
  const rollbackSql = parseHeader(sql).rollbackSql;
  if (sqlFingerprint(rollbackSql ?? "") === sqlFingerprint(down)) {
    const why =
      "its way back, which another tool keeps in the same file, is its rollback block now; the order stays as it was";
    return { sql, rollbackSql, why };
  }
  const why =
    "its way back, which another tool keeps in the same file, is in the archived file only: no rollback block can hold it; the order stays as it was";
  return { sql: withRollbackBlock(up, ""), rollbackSql: undefined, why };
}

function recordOneWay(
  { entry, version, name }: FileToSplit & { readonly entry: HistoryEntry },
  { sql, rollbackSql, why }: OneWay,
): RowChange {
  const hasSql = entry.statements !== undefined && entry.statements.length > 0;
  return {
    kind: "update",
    version: entry.version,
    to: {
      ...(version === entry.version ? {} : { version }),
      name,
      ...(hasSql ? { statements: statementsOf(sql) } : {}),
      ...(rollbackSql === undefined ? {} : { rollbackSql }),
      checksum: toChecksum(sql),
    },
    reason: why,
  };
}
