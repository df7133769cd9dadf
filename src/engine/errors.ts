import { errorTable, type ErrorCode } from "./error-table.ts";

export { errorTable, type ErrorCode, type ErrorKind } from "./error-table.ts";

/** Facts about an error that a program can use; never a secret. */
export interface ErrorDetails {
  readonly sqlstate?: string;
  readonly detail?: string;
  readonly databaseHint?: string;
  readonly file?: string;
  readonly version?: string;
  /** One-based. */
  readonly statement?: number;
  readonly line?: number;
  readonly column?: number;
  /** The source line with a caret below the position. */
  readonly snippet?: string;
  /** Replaces the table's hint where the situation allows a better one. */
  readonly hint?: string;
}

/** Thrown when the engine cannot do what was asked. An unwelcome answer (drift, a failed step) is returned instead. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  get hint(): string {
    return this.details.hint ?? errorTable[this.code].hint;
  }
}

/** What Postgres said about a failed statement. Its texts are untrusted: they can hold what a user or a row put there. */
export interface DatabaseErrorFields {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** One-based, in code points of the text that was sent. */
  readonly position?: number;
  /** One-based line of the text that was sent, where only that is known of the position. */
  readonly scriptLine?: number;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

/** Thrown by a session for a statement that the server refused or that never got its answer. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly fields: DatabaseErrorFields;
  /** True where the connection broke, so that nobody knows what the statement did. */
  readonly connectionLost: boolean;

  constructor(fields: DatabaseErrorFields, connectionLost: boolean, cause?: unknown) {
    super(fields.message, cause === undefined ? undefined : { cause });
    this.fields = fields;
    this.connectionLost = connectionLost;
  }
}
