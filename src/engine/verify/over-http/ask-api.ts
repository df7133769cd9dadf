import { createClient } from "@supabase/supabase-js";
import type { Probe } from "../probe.ts";
import { parseName } from "../names.ts";
import type { ApiSettings } from "./api-settings.ts";
import type { Credential } from "./choose-credential.ts";
import type { ApiAnswer } from "./read-answer.ts";

/** One question to the API. */
export interface ApiQuestion {
  readonly probe: Probe;
  readonly credential: Credential;
  /** A column that the role may read: `select=*` asks for all of them. */
  readonly column: string;
  /** What is asked to be rolled back. */
  readonly transaction: "as it is" | "rolled back";
}

/** An answer, and whether the server says that it took back what was done. */
export interface Asked {
  readonly answer: ApiAnswer;
  readonly isRolledBack: boolean;
}

/** No honest answer to these questions is longer, in bytes. */
const longestAnswer = 1_000_000;

/** The API, and how long one answer is waited for, in milliseconds. */
export interface Addressee {
  readonly api: ApiSettings;
  readonly answerTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Asks as an app would, by supabase-js; never throws for what the server does, but the signal's reason where that is aborted. */
export async function askApi(
  { api: { url }, answerTimeoutMs, signal }: Addressee,
  question: ApiQuestion,
): Promise<Asked> {
  let seen: Seen = { status: 0, isJson: false, isRolledBack: false };
  const client = openClient(url, question, async (input, init) => {
    const watched = await watchedFetch(input, init, answerTimeoutMs);
    seen = watched.seen;
    return watched.response;
  });
  const request = toRequest(client, question).retry(false);
  const limit = AbortSignal.timeout(answerTimeoutMs);
  const { data, count, error } = await request.abortSignal(
    signal === undefined ? limit : AbortSignal.any([limit, signal]),
  );
  signal?.throwIfAborted();
  const { isRolledBack, ...response } = seen;
  return { answer: { op: question.probe.op, ...response, rows: data, count, error }, isRolledBack };
}

function openClient(url: string, { probe, credential }: ApiQuestion, send: typeof fetch) {
  const { apiKey, token } = credential;
  return createClient(url, apiKey, {
    ...(token === undefined
      ? { auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false } }
      : { accessToken: async () => token }),
    db: { schema: parseName(probe.table).schema },
    global: { fetch: send },
    realtime: { transport: noSocket },
  });
}

type Socket = NonNullable<NonNullable<Parameters<typeof createClient>[2]>["realtime"]>["transport"];

/** The client wants a WebSocket when it is made, which Node 20 lacks, and opens none before somebody subscribes. */
const noSocket = (() => undefined) as unknown as NonNullable<Socket>;

/** What supabase-js does not hand on of a response. */
interface Seen {
  readonly status: number;
  readonly isJson: boolean;
  readonly isRolledBack: boolean;
  readonly failure?: string;
}

/** A key goes to the address that it was given for and to no other; a long answer is no answer. */
async function watchedFetch(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  answerTimeoutMs: number,
): Promise<{ readonly response: Response; readonly seen: Seen }> {
  try {
    const response = await fetch(input, { ...init, redirect: "error" });
    const text = await readLimited(response);
    const { status, headers } = response;
    const seen = {
      status,
      isJson: text === "" || (headers.get("content-type") ?? "").includes("json"),
      isRolledBack: /\btx=rollback\b/.test(headers.get("preference-applied") ?? ""),
    };
    return { response: new Response(text === "" ? null : text, { status, headers }), seen };
  } catch (error) {
    const failure = describeFailure(error, answerTimeoutMs);
    return {
      response: Response.json({ message: failure }, { status: 503 }),
      seen: { status: 0, isJson: false, isRolledBack: false, failure },
    };
  }
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > longestAnswer) throw new RangeError("too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function describeFailure(error: unknown, answerTimeoutMs: number): string {
  if (error instanceof RangeError) return "its answer has no end";
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError" || name === "AbortError")
    return `it does not answer within ${answerTimeoutMs / 1000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  return /^[A-Z_]{3,40}$/.test(code) ? `it cannot be reached (${code})` : "it cannot be reached";
}

/** Cells as the spec gives them: the columns of its tables are not known here. */
type Row = Record<string, unknown>;

function toRequest(client: ReturnType<typeof openClient>, { probe, column, transaction }: ApiQuestion) {
  const { op, table, values = {}, where = {} } = probe;
  const relation = client.from(parseName(table).name);
  const count = { count: "exact" } as const;
  const made = {
    select: () => relation.select(quote(column), count).limit(1),
    insert: () => relation.insert<Row>(values, count),
    update: () => relation.update<Row>(values, count),
    delete: () => relation.delete(count),
  }[op]();
  for (const [name, is] of Object.entries(op === "insert" ? {} : where)) {
    if (is === null) made.is(quote(name), null);
    else made.eq(quote(name), is);
  }
  // Beside `count`, which supabase-js has put there.
  return transaction === "as it is"
    ? made
    : made.setHeader("Prefer", "tx=rollback,handling=strict,count=exact");
}

/** PostgREST reads a name in quotes as it is ("Tables and Views", reserved characters). */
function quote(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', String.raw`\"`)}"`;
}
