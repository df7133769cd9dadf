import { toAccessOutcome, type AccessOutcome } from "../assertions/access.ts";

/** What the API says to a question: as SQL, or that it does not know the relation or does not show its schema. */
export type Answered = AccessOutcome | { readonly kind: "hidden"; readonly code: string };

/** What a question came to over HTTP. */
export type HttpOutcome =
  | Answered
  /** Nobody knows: `reach` says whose questions need not be asked any more. */
  | { readonly kind: "unanswered"; readonly why: string; readonly reach: "question" | "role" | "api" };

/** An answer of the API as supabase-js hands it on, with what only the response itself tells. */
export interface ApiAnswer {
  readonly op: "select" | "insert" | "update" | "delete";
  /** 0 where there was none. */
  readonly status: number;
  /** Why there was none. */
  readonly failure?: string;
  readonly isJson: boolean;
  readonly rows?: unknown;
  readonly count: number | null;
  readonly error: { readonly code?: unknown; readonly message?: unknown } | null;
}

/** Codes of PostgREST for what it does not show: a schema that is not exposed, a relation or column it does not know. */
const hiding: ReadonlySet<string> = new Set(["PGRST106", "PGRST204", "PGRST205"]);

/** Codes of PostgREST while its schema cache is made, or old (docs of PostgREST, "Errors"). */
const unready: ReadonlySet<string> = new Set(["PGRST001", "PGRST002", "PGRST204", "PGRST205"]);

/** What an answer says. Texts of the server are not trusted, and not in it but as errors of the database. */
export function readAnswer(answer: ApiAnswer): HttpOutcome {
  const { status, failure, error, count } = answer;
  if (failure !== undefined) return unanswered(failure, "api");
  if (error !== null && /^[0-9A-Z]{5}$/.test(codeOf(answer)))
    return toAccessOutcome({ sqlstate: codeOf(answer), message: String(error.message ?? "") });
  if (hiding.has(codeOf(answer))) return { kind: "hidden", code: codeOf(answer) };
  if (status === 401 || status === 403) return unanswered(`it refuses the key (status ${status})`, "role");
  if (!answer.isJson || status >= 500)
    return unanswered(`it answers status ${status}, and not as PostgREST does`, "api");
  if (error !== null) return unanswered(`it answers status ${status} ${codeOf(answer)}`.trim(), "question");
  const rows =
    count ?? (Array.isArray(answer.rows) ? answer.rows.length : answer.op === "insert" ? 1 : undefined);
  if (rows === undefined || Number.isNaN(rows))
    return unanswered("it answers without rows or a count", "question");
  return rows > 0 ? { kind: "rows", rows } : { kind: "silence" };
}

/** True where the same question may be answered otherwise in a moment. */
export function isUnready(answer: ApiAnswer): boolean {
  return unready.has(codeOf(answer));
}

function codeOf({ error }: ApiAnswer): string {
  return typeof error?.code === "string" ? error.code : "";
}

function unanswered(why: string, reach: "question" | "role" | "api"): HttpOutcome {
  return { kind: "unanswered", why, reach };
}
