import { EngineError } from "../errors.ts";
import type { HttpResult } from "../model/verify-report.ts";
import type { SessionDatabase } from "../ports.ts";
import type { HttpAsking } from "../verify/over-http/ask-over-http.ts";
import type { Spec } from "../verify/read-spec.ts";
import type { EngineContext } from "./context.ts";

/** The longest that one answer is waited for. */
const longestAnswerMs = 10_000;

interface ApiQuestions {
  readonly database: SessionDatabase;
  readonly spec: Spec;
  readonly signal: AbortSignal | undefined;
  readonly lookInSql: HttpAsking["lookInSql"];
}

/** Asks a spec's access checks through the project's HTTP API; undefined where none is known, or none has to be asked. */
export async function askProjectApi(
  { api, readOnly, clock, limits }: EngineContext,
  { database, spec, signal, lookInSql }: ApiQuestions,
): Promise<readonly HttpResult[] | undefined> {
  const probing = spec.checks.filter(({ probe }) => probe !== undefined);
  if (api === undefined || probing.length === 0) return undefined;
  const why = findStranger(api.url, database);
  if (why !== undefined) return probing.map(() => ({ kind: "unasked", why }));
  // supabase-js is loaded here and not before.
  const { askOverHttp } = await import("../verify/over-http/ask-over-http.ts");
  const answerTimeoutMs = Math.min(limits.queryTimeoutMs || longestAnswerMs, longestAnswerMs);
  const addressee = { api, answerTimeoutMs, signal };
  const asking = askOverHttp({ ...addressee, checks: probing, isReadOnly: readOnly, clock, lookInSql });
  return asking.catch((error: unknown) => {
    if (signal?.aborted !== true || error instanceof EngineError) throw error;
    throw new EngineError("cancelled", "The call was cancelled while the API was asked.", {}, error);
  });
}

/** Why the address cannot be the target's API: variables of one project may stand beside the database of another. */
function findStranger(url: string, { target }: SessionDatabase): string | undefined {
  if (target.engine === "pglite") return "the embedded database has no API";
  const ref = /^https:\/\/([a-z]{20})\.supabase\.co$/.exec(url)?.[1];
  if (ref === undefined || ref === target.id) return undefined;
  return `the address is the API of project ${ref}, and the target is not known to be that (--project-id says so)`;
}
