import type { IncomingMessage } from "node:http";
import postgres from "postgres";

/** One request as it came in. */
export interface FakeRequest {
  readonly method: string;
  /** Below `/v1/projects/<ref>`, without the query string. */
  readonly path: string;
  readonly search: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage["headers"];
}

/** How the fake is. */
export interface FakeSettings {
  /** The database behind it, as a superuser. */
  readonly databaseUrl: string;
  readonly requestsPerMinute?: number;
  /** Seconds that the headers name; the window is as long. */
  readonly resetSeconds?: number;
  /** False where the project's plan or the token gives no endpoint of its own for reading. */
  readonly hasReadOnlyEndpoint?: boolean;
  readonly projectStatus?: string;
  /** The migrations endpoints answer that they are not generally available. */
  readonly isGated?: boolean;
  /** Runs each statement of a request in a transaction of its own. */
  readonly splitsStatements?: boolean;
  /** How the endpoint for migrations tells the time (observed: 12 hours instead of 24). */
  readonly clock?: "24h" | "12h";
  /** False where the endpoint for migrations runs SQL and records nothing. */
  readonly tracksMigrations?: boolean;
  /** Where temporary logins can be used; absent where the service makes none. */
  readonly loginRole?: { readonly port: number; readonly ttlSeconds: number; readonly holdsRole?: false };
  /** As self-hosted Studio: no PUT, PATCH or DELETE of migrations. */
  readonly isStudio?: boolean;
}

/** What it answers to a request. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The error body that the service has been seen to answer, with the SQLSTATE inside the text. */
export function toSqlFailure(error: unknown, query: string, what: string): Answer {
  if (!(error instanceof postgres.PostgresError))
    return { status: 400, body: { message: `${what}: Connection terminated unexpectedly` } };
  const lines = [
    `${what}: ${error.severity}:  ${error.code}: ${error.message}`,
    ...(error.position === undefined ? [] : [describeLine(query, Number(error.position))]),
    ...(error.detail === undefined ? [] : [`DETAIL:  ${error.detail}`]),
    ...(error.hint === undefined ? [] : [`HINT:  ${error.hint}`]),
    ...(error.where === undefined ? [] : [`CONTEXT:  ${error.where}`]),
  ];
  return { status: 400, body: { message: `${lines.join("\n")}\n` } };
}

function describeLine(query: string, position: number): string {
  const before = [...query]
    .slice(0, position - 1)
    .join("")
    .split("\n");
  const text = query.split("\n")[before.length - 1] ?? "";
  const column = [...(before.at(-1) ?? "")].length;
  return `LINE ${before.length}: ${text}\n${" ".repeat(`LINE ${before.length}: `.length + column)}^`;
}
