import { DatabaseError, type EngineError } from "../../errors.ts";
import {
  rateLimitedError,
  toApiError,
  unansweredError,
  unreachableError,
  type ApiAnswer,
} from "./api-failure.ts";

/** Which hosted project, and what lets us in. */
export interface ManagementTarget {
  /** 20 lower-case letters. */
  readonly projectRef: string;
  readonly accessToken: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
}

/** Time as the client needs it, so that tests do not wait. */
export interface ApiClock {
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** One request below the project's path. */
export interface ApiRequest {
  readonly method: "GET" | "POST";
  /** Such as `/database/query`. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface ManagementApi {
  readonly label: string;
  /** Answers the JSON. Waits where too many requests were sent. Throws `EngineError` and `DatabaseError`; sends nothing twice that may have run. */
  readonly send: (request: ApiRequest) => Promise<unknown>;
  /** The same for a request that changes nothing: what got no answer is sent again. */
  readonly ask: (request: ApiRequest) => Promise<unknown>;
}

/** What one request may take: the edge in front of the service gives up after 100 s or before. */
const requestTimeoutMs = 120_000;
/** What waiting for the rate limit may take: its window is 60 s (recorded headers). */
const rateLimitBudgetMs = 65_000;
/** Pauses before an unanswered read is sent again. */
const readPausesMs = [300, 1500] as const;

/** A client of the Supabase Management API for one project; sends nothing before it is asked to. */
export function createManagementApi(target: ManagementTarget, clock: ApiClock): ManagementApi {
  const label = `project ${target.projectRef}`;
  const send = async (request: ApiRequest): Promise<unknown> => {
    const answer = await sendWithinLimit(target, clock, request);
    if (answer === undefined) throw rateLimitedError(label);
    if (answer.status < 300) return parseJson(answer.body);
    throw await explain(target, label, request, answer);
  };
  const ask = async (request: ApiRequest): Promise<unknown> => {
    for (const pauseMs of readPausesMs) {
      try {
        return await send(request);
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        await clock.sleep(pauseMs);
      }
    }
    return send(request).catch((error: unknown) => {
      throw error instanceof DatabaseError && error.connectionLost ? unreachableError(error) : error;
    });
  };
  return { label, send, ask };
}

/** Refused before anything ran, a request may be sent again; undefined where the limit outlasts the budget. */
async function sendWithinLimit(
  target: ManagementTarget,
  clock: ApiClock,
  request: ApiRequest,
): Promise<ApiAnswer | undefined> {
  const startedMs = clock.monotonicMs();
  for (let attempt = 0; ; attempt += 1) {
    const answer = await sendOnce(target, request);
    if (answer.status !== 429) return answer;
    const pauseMs = pauseOf(answer.headers, attempt);
    if (clock.monotonicMs() - startedMs + pauseMs > rateLimitBudgetMs) return undefined;
    await clock.sleep(pauseMs);
  }
}

/** Seconds that the service names, else a doubling from one second. */
function pauseOf(headers: Headers, attempt: number): number {
  const named = headers.get("retry-after") ?? headers.get("x-ratelimit-reset") ?? "";
  return /^\d{1,4}$/.test(named) ? Math.max(100, Number(named) * 1000) : 1000 * 2 ** Math.min(attempt, 5);
}

async function sendOnce(target: ManagementTarget, request: ApiRequest): Promise<ApiAnswer> {
  const { apiUrl, projectRef, accessToken } = target;
  try {
    const response = await fetch(`${apiUrl}/v1/projects/${projectRef}${request.path}`, {
      method: request.method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        "content-type": "application/json",
        "user-agent": "godwit",
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      redirect: "error",
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (cause) {
    throw unansweredError("gave no answer", cause);
  }
}

/** A paused project answers in many ways, so its status is asked for where the cause is not plain. */
async function explain(
  target: ManagementTarget,
  label: string,
  request: ApiRequest,
  answer: ApiAnswer,
): Promise<EngineError | DatabaseError> {
  const error = toApiError(answer, { label });
  const isPlain = error instanceof DatabaseError ? !isUnanswered(error) : answer.status !== 400;
  if (isPlain || request.path === "") return error;
  const projectStatus = await readStatus(target);
  return projectStatus === undefined ? error : toApiError(answer, { label, projectStatus });
}

async function readStatus(target: ManagementTarget): Promise<string | undefined> {
  const answer = await sendOnce(target, { method: "GET", path: "" }).catch(() => undefined);
  if (answer?.status !== 200) return undefined;
  const json = parseJson(answer.body);
  const status: unknown = typeof json === "object" && json !== null ? Reflect.get(json, "status") : undefined;
  return typeof status === "string" && /^[A-Z_]{1,40}$/.test(status) ? status : undefined;
}

function isUnanswered(error: unknown): boolean {
  return error instanceof DatabaseError && error.connectionLost;
}

function parseJson(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw unansweredError("answered something that is not JSON", cause);
  }
}
