import { DatabaseError, EngineError, type DatabaseErrorFields } from "../errors.ts";

/** An error message of the server (protocol fields S, C, M, D, H, P, W, s, t, c, n), under the names that drivers give them. */
export interface ServerError {
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly position?: string | undefined;
  readonly where?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
}

/** What the server said, as a `DatabaseError`; a FATAL one has closed the connection. */
export function toDatabaseError(error: ServerError): DatabaseError {
  const sqlstate = error.code ?? "XX000";
  return new DatabaseError(
    withoutUndefined({
      sqlstate,
      scriptLine: undefined,
      message: error.message ?? "The server gave no message.",
      detail: error.detail,
      hint: error.hint,
      position: error.position === undefined ? undefined : Number(error.position),
      where: error.where,
      schema: error.schema,
      table: error.table,
      column: error.column,
      constraint: error.constraint,
    }),
    isConnectionEnd(sqlstate, error.severity),
  );
}

/** A statement that never got its answer: nobody knows what it did. */
export function connectionLostError(cause?: unknown): DatabaseError {
  return new DatabaseError(
    { sqlstate: "08006", message: "The connection to the database was lost before the answer came." },
    true,
    cause,
  );
}

/** Whatever the postgres driver threw for a statement: the server's refusal, or else a lost connection. */
export function toStatementError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  if (!isDriverServerError(error)) return connectionLostError(error);
  const { schema_name: schema, table_name: table, column_name: column, constraint_name: constraint } = error;
  return toDatabaseError({ ...error, message: error.message, schema, table, column, constraint });
}

/** A statement sent through a session that was cancelled, discarded or given back; nothing was sent. */
export function sessionEndedError(): DatabaseError {
  return new DatabaseError(
    { sqlstate: "08003", message: "This session has ended; the statement was not sent." },
    false,
  );
}

const insufficientPrivilege = "42501";

/** Why no session could be had at `place` (host and port, never the password). */
export function toConnectError(cause: unknown, place: string): EngineError {
  if (cause instanceof EngineError) return cause;
  const code = errorText(cause, "code");
  const message = errorText(cause, "message");
  if (isRefusedLogin(code, message)) {
    return new EngineError(
      "authentication_failed",
      `The database at ${place} refused the login: ${message}`,
      {
        ...(isSqlstate(code) ? { sqlstate: code } : {}),
      },
    );
  }
  if (code === insufficientPrivilege) {
    return new EngineError(
      "permission_denied",
      `The database at ${place} lets this user not in: ${message}`,
      {
        sqlstate: code,
        hint: "Give the user the right to connect (grant connect on database), or use another one.",
      },
    );
  }
  return new EngineError(
    "target_unreachable",
    `The database at ${place} cannot be reached: ${reasonOf(code, message)}`,
    {
      ...(isSqlstate(code) ? { sqlstate: code } : {}),
    },
  );
}

interface DriverServerError extends ServerError {
  readonly schema_name?: string;
  readonly table_name?: string;
  readonly column_name?: string;
  readonly constraint_name?: string;
}

/** postgres.js gives its PostgresError the protocol's fields, of which every message of a server has a severity. */
function isDriverServerError(error: unknown): error is DriverServerError {
  return error instanceof Error && error.name === "PostgresError" && "severity" in error;
}

/** Class 08 is connection exceptions; 57P01 to 57P05 are the server ending sessions (errcodes.txt). */
function isConnectionEnd(sqlstate: string, severity: string | undefined): boolean {
  return severity === "FATAL" || severity === "PANIC" || /^(08|57P0[1-5])/.test(sqlstate);
}

/** postgres.js reports a failed SCRAM exchange under codes of its own, starting with SASL. */
function isRefusedLogin(code: string, message: string): boolean {
  return (
    code === "28P01" ||
    code === "28000" ||
    code.startsWith("SASL") ||
    /tenant or user not found/i.test(message)
  );
}

function isSqlstate(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code);
}

function reasonOf(code: string, message: string): string {
  return reasons.get(code) ?? (message === "" ? code || "unknown cause" : message);
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "the connection was refused (ECONNREFUSED)"],
  ["ENOTFOUND", "no such host name (ENOTFOUND)"],
  ["EAI_AGAIN", "the host name could not be resolved now (EAI_AGAIN)"],
  ["ETIMEDOUT", "no answer in time (ETIMEDOUT)"],
  ["EHOSTUNREACH", "no route to the host (EHOSTUNREACH)"],
  ["ENETUNREACH", "no route to the network (ENETUNREACH); the address may need IPv6"],
  ["ECONNRESET", "the server closed the connection (ECONNRESET)"],
  ["ENOENT", "no such socket file (ENOENT)"],
  ["CONNECT_TIMEOUT", "no answer in time"],
  ["CONNECTION_CLOSED", "the server closed the connection during login"],
  ["CONNECTION_DESTROYED", "the connection was closed during login"],
]);

function errorText(cause: unknown, key: "code" | "message"): string {
  if (typeof cause !== "object" || cause === null) return key === "message" ? String(cause) : "";
  const value: unknown = Reflect.get(cause, key);
  return typeof value === "string" ? value : "";
}

type Defined<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined(fields: {
  readonly [K in keyof DatabaseErrorFields]-?: DatabaseErrorFields[K] | undefined;
}): DatabaseErrorFields {
  const defined = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as Defined<DatabaseErrorFields>;
}
