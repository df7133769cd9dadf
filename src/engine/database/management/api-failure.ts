import { DatabaseError, EngineError } from "../../errors.ts";
import { toDatabaseError } from "../translate-error.ts";

/** What came back for a request, before anything is interpreted. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** How the project calls itself in messages. */
interface Place {
  readonly label: string;
  /** The project's status where the service tells it, such as `INACTIVE`. */
  readonly projectStatus?: string;
}

/**
 * Why a request was not served, as an error that says what to do. A `DatabaseError` with `connectionLost` stands for an answer
 * that leaves open whether the SQL ran. Nothing of the service's own text is repeated but what Postgres said.
 */
export function toApiError(answer: ApiAnswer, place: Place): EngineError | DatabaseError {
  const message = readMessage(answer.body);
  const refusal = parseSqlError(message);
  if (refusal !== undefined) return refusal;
  const known = refusedRequest(answer.status, message, place);
  if (known !== undefined) return known;
  const how = answer.status === 544 ? "could not reach the database" : "did not say what became of the SQL";
  return unansweredError(`${how} (${answer.status})`);
}

/** A request after which nobody knows whether its SQL ran; `how` ends the sentence «The Management API …». */
export function unansweredError(how: string, cause?: unknown): DatabaseError {
  return new DatabaseError({ sqlstate: "08006", message: `The Management API ${how}.` }, true, cause);
}

/** A question that got no answer several times over; it changed nothing. */
export function unreachableError(cause: DatabaseError): EngineError {
  return new EngineError(
    "target_unreachable",
    cause.message,
    {
      hint: "Check the network and, in the Supabase dashboard, that the database is healthy and has connections left; then call again.",
    },
    cause,
  );
}

/** Too many requests, for longer than the wait that was allowed. */
export function rateLimitedError(label: string): EngineError {
  return new EngineError(
    "rate_limited",
    `The Management API takes no more requests for ${label} at the moment.`,
  );
}

const tokenHint =
  "Give SUPABASE_ACCESS_TOKEN a token of an account that may work on this project (https://supabase.com/dashboard/account/tokens), or the database's address with --database-url.";

function refusedRequest(status: number, message: string, place: Place): EngineError | undefined {
  const { label } = place;
  if (status === 401 && !/not generally available/i.test(message)) {
    return new EngineError(
      "authentication_failed",
      "The Management API does not accept the access token: it is wrong, or has been revoked.",
      { hint: tokenHint },
    );
  }
  if (status === 401 || status === 403) {
    return new EngineError(
      "permission_denied",
      `The access token may not run this on ${label} (${status}).`,
      {
        hint: "Use a token of a member of the project's organization, with the permissions database_read and database_write, or give the database's address with --database-url.",
      },
    );
  }
  if (status === 404) {
    return new EngineError("target_unreachable", `The Management API knows no ${label}.`, {
      hint: "Check the project's ref in --supabase-project-ref: the 20 letters in the dashboard's address.",
    });
  }
  return unreachableDatabase(status, message, place);
}

function unreachableDatabase(
  status: number,
  message: string,
  { label, projectStatus }: Place,
): EngineError | undefined {
  const isAway = projectStatus !== undefined && !projectStatus.startsWith("ACTIVE");
  if (/resource has been removed/i.test(message) || (isAway && status >= 400)) {
    const state = projectStatus ?? "paused or removed";
    return new EngineError("project_paused", `${label} does not run: its status is ${state}.`);
  }
  return undefined;
}

/** `Failed to run sql query: ERROR:  23505: duplicate key …`, then DETAIL, HINT, CONTEXT and LINE lines (recorded answers). */
function parseSqlError(message: string): DatabaseError | undefined {
  const match =
    /^Failed to (?:run sql query|apply database migration): (ERROR|FATAL|PANIC):\s+([0-9A-Z]{5}): ([\s\S]*)$/.exec(
      message,
    );
  if (match === null) return undefined;
  const [, severity, code, rest = ""] = match;
  const parts = splitFields(rest);
  const constraint = /constraint "([^"]+)"/.exec(parts.message)?.[1];
  const error = toDatabaseError({
    severity,
    code,
    message: parts.message,
    detail: parts.DETAIL,
    hint: parts.HINT,
    where: parts.CONTEXT,
    constraint,
  });
  const scriptLine = Number(parts.LINE);
  if (!Number.isInteger(scriptLine)) return error;
  return new DatabaseError({ ...error.fields, scriptLine }, error.connectionLost);
}

type Field = "message" | "DETAIL" | "HINT" | "CONTEXT" | "LINE";

function splitFields(text: string): { readonly message: string } & { readonly [F in Field]?: string } {
  const fields = new Map<string, string[]>();
  let current = "message";
  for (const line of text.trimEnd().split("\n")) {
    const [, field, number, rest = ""] = /^(?:(DETAIL|HINT|CONTEXT):|LINE (\d+):)\s*(.*)$/.exec(line) ?? [];
    if (number !== undefined) fields.set("LINE", [number]);
    current = number === undefined ? (field ?? current) : "excerpt";
    fields.set(current, [...(fields.get(current) ?? []), field === undefined ? line : rest]);
  }
  const joined = [...fields].map(([field, lines]) => [field, lines.join("\n").trim()]);
  return { message: "", ...Object.fromEntries(joined) };
}

function readMessage(body: string): string {
  try {
    const json: unknown = JSON.parse(body);
    const message: unknown = typeof json === "object" && json !== null ? Reflect.get(json, "message") : "";
    return typeof message === "string" ? message : "";
  } catch {
    // A gateway answers with a page.
    return "";
  }
}
