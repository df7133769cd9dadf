import type { DatabaseError, ErrorCode } from "./errors.ts";

/** The code for people of a failed statement: tells a time limit from a lock limit from a cancel. */
export function errorCodeOf(error: DatabaseError): ErrorCode {
  const { sqlstate, message } = error.fields;
  if (error.connectionLost) return "connection_lost";
  if (sqlstate === "55P03") return "lock_not_available";
  if (sqlstate === "42501") return "permission_denied";
  if (sqlstate !== "57014") return "statement_failed";
  return message.includes("statement timeout") ? "statement_timeout" : "cancelled";
}
