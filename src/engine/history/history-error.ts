import { errorCodeOf } from "../error-code.ts";
import { DatabaseError, EngineError } from "../errors.ts";

/**
 * What the database refused about the history tables, as the error to throw; anything else as it is.
 * Repeats nothing of the database's own text, which nobody has fenced here.
 */
export function toHistoryError(error: unknown, attempt: "read" | "set up"): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const code = errorCodeOf(error);
  const { sqlstate } = error.fields;
  const reason = code === "permission_denied" ? "this role may not" : `the database answered ${sqlstate}`;
  const message = `The history in supabase_migrations could not be ${attempt}: ${reason}.`;
  return new EngineError(code, message, { sqlstate }, error);
}
