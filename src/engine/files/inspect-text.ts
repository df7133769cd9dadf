import type { Finding } from "../model/finding.ts";
import { splitBothWays } from "../sql/both-ways.ts";
import { positionFinder } from "../sql/position.ts";
import { sqlFingerprint } from "../sql/token-stream.ts";
import { findUnsupportedText, type UnsupportedText } from "../sql/unsupported-text.ts";

/** What git leaves in a file where two sides could not be merged; the middle line alone is a common ornament. */
const conflictPattern = /^(<{7}|>{7})( .*)?\r?$/m;

/** Without one of these a text cannot hold what psql alone understands, and need not be cut into tokens for it. */
const unsupportedHint = /\\|stdin/i;

/** The fingerprint of SQL that says nothing. */
export const emptyFingerprint = sqlFingerprint("");

interface InspectedText {
  /** Without byte order mark. */
  readonly sql: string;
  readonly fingerprint: string;
  readonly file: string;
}

/** What is worth telling about a migration's text before anything parses it. */
export function inspectText({ sql, fingerprint, file }: InspectedText): readonly Finding[] {
  return [
    ...carriageReturns(sql, file),
    ...(fingerprint === emptyFingerprint ? [emptyMigration(sql, file)] : []),
    ...conflictMarker(sql, file),
    ...bothWays(sql, file),
    ...unsupportedText(sql, file),
  ];
}

function carriageReturns(sql: string, file: string): readonly Finding[] {
  const first = sql.indexOf("\r");
  if (first < 0) return [];
  const count = sql.split("\r").length - 1;
  return [
    {
      code: "carriage_returns",
      severity: "info",
      message: `${count} ${count === 1 ? "line ends" : "lines end"} with a carriage return; it is recorded as a part of the SQL.`,
      hint: "Save the file with LF line ends. Checksums and comparisons do not count line ends.",
      file,
      line: sql.slice(0, first).split("\n").length,
    },
  ];
}

function emptyMigration(sql: string, file: string): Finding {
  const what = sql.trim() === "" ? "The file is empty" : "The file holds comments and no SQL";
  return {
    code: "empty_migration",
    severity: "warning",
    message: `${what}: applying it changes nothing but the history.`,
    hint: "Write its SQL. A baseline needs the SQL of the whole schema, else a new database stays empty.",
    file,
  };
}

function conflictMarker(sql: string, file: string): readonly Finding[] {
  const match = conflictPattern.exec(sql);
  if (match === null) return [];
  return [
    {
      code: "conflict_marker",
      severity: "error",
      message: `The file holds a merge conflict marker (${match[1] ?? ""}).`,
      hint: "Resolve the merge conflict in the file.",
      file,
      ...positionFinder(sql)(match.index),
    },
  ];
}

function bothWays(sql: string, file: string): readonly Finding[] {
  const split = splitBothWays(sql);
  if (split === undefined) return [];
  return [
    {
      code: "both_ways",
      severity: "error",
      message:
        "The file holds its way back as well, as another tool runs it: run as a migration, it would undo at once what it does.",
      hint: 'reconcile_history { actions: ["convert_names"] } plans to make the way back its rollback block.',
      file,
      line: split.downLine,
    },
  ];
}

/** The first of each kind: one wrong dump can hold thousands. */
function unsupportedText(sql: string, file: string): readonly Finding[] {
  if (!unsupportedHint.test(sql)) return [];
  const found = findUnsupportedText(sql);
  return (["psql_meta_command", "copy_from_stdin"] as const).flatMap((code) => {
    const first = found.find((text) => text.code === code);
    return first === undefined ? [] : [unsupported(code, first, file)];
  });
}

function unsupported(
  code: "psql_meta_command" | "copy_from_stdin",
  text: UnsupportedText,
  file: string,
): Finding {
  return {
    code,
    severity: "error",
    message: text.message,
    hint:
      code === "copy_from_stdin"
        ? "Write the rows as INSERT statements; pg_dump does so with --inserts."
        : "Remove the psql command; a migration is SQL only.",
    file,
    line: text.line,
    column: text.column,
  };
}
