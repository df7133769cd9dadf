import { errorCodeOf } from "../error-code.ts";
import { DatabaseError, EngineError, errorTable, type ErrorCode } from "../errors.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import type { FailureReport } from "../model/report.ts";
import { caretSnippet, lineColumnAt, offsetOfCodePoint } from "../sql/position.ts";
import type { Fence } from "./fence.ts";

/** What failed: a statement of a migration, or the migration around its statements. */
export interface FailedAt {
  readonly migration: Pick<PlannedMigration, "version" | "sql">;
  /** Shown path of the file; absent where the SQL has none. */
  readonly file: string | undefined;
  readonly statement: PlannedStatement | undefined;
}

/** What to do about a SQLSTATE, where that is more than the code's own hint (PostgreSQL 18, appendix A). */
export const hintBySqlstate: Readonly<Record<string, string>> = {
  "55P04":
    "A new enum value can be used only after it is committed: add it in a migration of its own, before this one.",
  "42P07":
    "The object exists already: it was made outside these files, or by another migration. Call detect_drift.",
  "42710":
    "The object exists already: it was made outside these files, or by another migration. Call detect_drift.",
  "42P01": "The table is not there: an earlier migration has to make it, or it was made outside these files.",
  "25006": "The transaction is read-only: this query writes.",
};

/** The error of a statement as a caller is told it: where it stands in the file, with a caret, and the database's texts fenced. */
export function describeFailure(error: unknown, at: FailedAt, fence: Fence): FailureReport {
  const place = describePlace(error, at);
  if (error instanceof EngineError) {
    const { hint: _hint, ...details } = error.details;
    return {
      code: error.code,
      message: error.message,
      hint: error.hint,
      ...place,
      ...pickFacts(details, fence),
    };
  }
  if (!(error instanceof DatabaseError)) throw error;
  const code = codeOf(error);
  const { sqlstate, message, detail, hint } = error.fields;
  const number = at.statement === undefined ? "" : `Statement ${at.statement.index + 1} failed: `;
  const advice = hintBySqlstate[sqlstate] ?? errorTable[code].hint;
  return {
    code,
    message: `${number}${fence.wrap(message)}`,
    hint: hint === undefined ? advice : `${advice} The database adds: ${fence.wrap(hint)}`,
    sqlstate,
    ...(detail === undefined ? {} : { detail: fence.wrap(detail) }),
    ...place,
  };
}

/** The code under which a caller is told a database's error. */
export function codeOf(error: DatabaseError): ErrorCode {
  return error.fields.sqlstate === "42601" ? "syntax_error" : errorCodeOf(error);
}

function pickFacts(details: EngineError["details"], fence: Fence): Partial<FailureReport> {
  const { sqlstate, detail, statement, line, column, snippet } = details;
  return {
    ...(sqlstate === undefined ? {} : { sqlstate }),
    ...(detail === undefined ? {} : { detail: fence.wrap(detail) }),
    ...(statement === undefined ? {} : { statement }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(snippet === undefined ? {} : { snippet }),
  };
}

function describePlace(error: unknown, at: FailedAt): Partial<FailureReport> {
  const { migration, file, statement } = at;
  const known = { ...(file === undefined ? {} : { file }), version: migration.version };
  if (statement === undefined) return known;
  const offset = statement.start + offsetInStatement(error, statement);
  return {
    ...known,
    statement: statement.index + 1,
    ...lineColumnAt(migration.sql, offset),
    snippet: caretSnippet(migration.sql, offset),
  };
}

function offsetInStatement(error: unknown, statement: PlannedStatement): number {
  const position = error instanceof DatabaseError ? error.fields.position : undefined;
  return position === undefined ? statement.bodyOffset : offsetOfCodePoint(statement.text, position);
}
