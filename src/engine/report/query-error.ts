import { DatabaseError, EngineError, errorTable } from "../errors.ts";
import { caretSnippet, lineColumnAt, offsetOfCodePoint } from "../sql/position.ts";
import type { ReadOnlyVerdict } from "../sql/read-only.ts";
import { codeOf, hintBySqlstate } from "./failure.ts";
import type { Fence } from "./fence.ts";

type Refused = Exclude<ReadOnlyVerdict, { kind: "read" }>;

/** Why a text is not run by execute_sql, as the error to throw. */
export function describeRefusal(verdict: Refused, query: string): EngineError {
  switch (verdict.kind) {
    case "empty":
      return new EngineError("empty_sql", "The query holds no statement.");
    case "many_statements":
      return refuseAsQuery(`The text holds ${verdict.count} statements; send one at a time.`);
    case "syntax_error": {
      const { message, line, column, offset } = verdict;
      const place = { line, column, snippet: caretSnippet(query, offset) };
      return new EngineError("syntax_error", `${message}.`, { sqlstate: "42601", ...place });
    }
    case "unreadable_text":
      return new EngineError("unsupported_sql", verdict.found.message);
    case "too_large":
      return new EngineError(
        "sql_too_large",
        `The query has ${verdict.actual} ${verdict.measure}; at most ${verdict.limit} are run.`,
      );
    case "forbidden_function":
      return refuseAsQuery(
        `${verdict.name}() acts outside the query's transaction, so execute_sql does not run it.`,
        "Leave the call out; where it has to run, put it into a migration with apply_migration.",
      );
    case "write":
    case "ddl":
    case "maintenance":
    case "procedural":
    case "unknown":
    case "transaction_control":
    case "session_state":
    case "copy_stdin":
    case "copy_stdout":
      return describeWrongKind(verdict.kind, verdict.classification.command);
  }
}

type WrongKind = Extract<Refused, { classification: unknown }>["kind"];

/** Why a statement that is no read is not run, by what it is. */
function describeWrongKind(kind: WrongKind, command: string): EngineError {
  switch (kind) {
    case "write":
      return new EngineError("write_refused", `${command} changes rows, and execute_sql reads by default.`);
    case "ddl":
    case "maintenance":
    case "procedural":
    case "unknown":
      return new EngineError("ddl_refused", `${command} is not a query: it can change the schema.`);
    case "transaction_control":
      return new EngineError(
        "transaction_control_refused",
        `${command} is refused: each query runs in a transaction of its own.`,
        { hint: "Send the query alone." },
      );
    case "session_state":
      return refuseAsQuery(
        `${command} changes the session, which no other call shares.`,
        "Leave it out; schema-qualify the names in the query instead of setting a search path.",
      );
    case "copy_stdin":
    case "copy_stdout":
      return refuseAsQuery(
        "COPY moves rows through a client program, which execute_sql is not.",
        "Read with SELECT; write with INSERT in a migration.",
      );
  }
}

function refuseAsQuery(message: string, hint?: string): EngineError {
  return new EngineError("not_a_query", message, hint === undefined ? {} : { hint });
}

/** A database's error about a query, with its place in the text as it was given. */
export function describeQueryError(
  error: DatabaseError,
  at: { readonly query: string; readonly start: number },
  fence: Fence,
): EngineError {
  const code = codeOf(error);
  const { sqlstate, message, detail, hint, position } = error.fields;
  const advice = hintBySqlstate[sqlstate] ?? errorTable[code].hint;
  const offset =
    position === undefined ? undefined : at.start + offsetOfCodePoint(at.query.slice(at.start), position);
  return new EngineError(
    code,
    fence.wrap(message),
    {
      sqlstate,
      ...(detail === undefined ? {} : { detail: fence.wrap(detail) }),
      ...(offset === undefined
        ? {}
        : { ...lineColumnAt(at.query, offset), snippet: caretSnippet(at.query, offset) }),
      hint: hint === undefined ? advice : `${advice} The database adds: ${fence.wrap(hint)}`,
    },
    error,
  );
}
