import type { Clock } from "../../ports.ts";
import type { CheckPlace, HttpResult } from "../../model/verify-report.ts";
import { describeOutcome, type AccessOutcome } from "../assertions/access.ts";
import type { Probe } from "../probe.ts";
import type { SpecCheck } from "../read-spec.ts";
import { askApi, type Addressee } from "./ask-api.ts";
import { chooseCredential, type Credential } from "./choose-credential.ts";
import { compareOutcomes } from "./compare-outcomes.ts";
import { isUnready, readAnswer, type Answered } from "./read-answer.ts";

/** What SQL says to a probe, and a column of its table that the role may read. */
export interface SqlLook {
  readonly outcome: AccessOutcome;
  readonly column: string | undefined;
}

export interface HttpAsking extends Addressee {
  readonly checks: readonly SpecCheck[];
  /** True where nothing may be written, not even what is rolled back. */
  readonly isReadOnly: boolean;
  readonly clock: Clock;
  /** Asks in SQL, without the spec's seed: the API does not see that. */
  readonly lookInSql: (probes: readonly Probe[]) => Promise<readonly SqlLook[]>;
}

interface Question {
  readonly at: CheckPlace;
  readonly probe: Probe;
  readonly credential: Credential;
}

/** How often a stale schema cache is waited for in one call, and how long each time, in milliseconds. */
const patience = { times: 4, pauseMs: 500 };

/**
 * Asks a spec's access checks once more through the project's HTTP API, and compares. Reads only, unless the server has shown on
 * a harmless request that it rolls back. What differs is asked twice in both ways: rows come and go meanwhile.
 */
export async function askOverHttp(asking: HttpAsking): Promise<readonly HttpResult[]> {
  const sorted = asking.checks.flatMap((check) =>
    check.probe === undefined ? [] : [chooseQuestion(asking, check, check.probe)],
  );
  const questions = sorted.flatMap((each) => ("kind" in each ? [] : [each]));
  const ask = startAsking(asking);
  const results = await askAll(asking, questions, ask);
  const differing = questions.filter((_, index) => isDifferent(results[index]));
  const again = differing.length === 0 ? [] : await askAll(asking, differing, ask);
  return [
    ...sorted.flatMap((each) => ("kind" in each ? [each] : [])),
    ...results.filter((result) => !isDifferent(result)),
    ...again,
  ];
}

function isDifferent(result: HttpResult | undefined): boolean {
  return result?.kind === "shows_more" || result?.kind === "shows_less";
}

function chooseQuestion(
  { api, isReadOnly, clock }: HttpAsking,
  { name, what, line }: SpecCheck,
  probe: Probe,
): Question | Unasked {
  const { op, where = {}, values = {} } = probe;
  if (op !== "select" && isReadOnly) return unasked("a write, and this server is read-only");
  if ((op === "update" || op === "delete") && Object.keys(where).length === 0)
    return unasked("update and delete want a `where` over HTTP");
  if (op === "update" && Object.keys(values).length === 0) return unasked("update wants `values` over HTTP");
  const credential = chooseCredential(api, probe, clock.now());
  if ("lacks" in credential) return unasked(credential.lacks);
  return { at: { check: name, what, line }, probe, credential };
}

type Unasked = Extract<HttpResult, { kind: "unasked" }>;

function unasked(why: string): Unasked {
  return { kind: "unasked", why };
}

type Ask = (question: Question, look: SqlLook) => Promise<HttpResult>;

async function askAll(
  { lookInSql }: HttpAsking,
  questions: readonly Question[],
  ask: Ask,
): Promise<readonly HttpResult[]> {
  const looks = await lookInSql(questions.map(({ probe }) => probe));
  const results: HttpResult[] = [];
  for (const [index, question] of questions.entries()) {
    const look = looks[index];
    if (look !== undefined) results.push(await ask(question, look));
  }
  return results;
}

/** One question after the other; an API, or a role, that gives no answer is not asked again. */
function startAsking({ clock, ...addressee }: HttpAsking): Ask {
  const silent = new Map<string, string>();
  let rollsBack: boolean | undefined;
  let pauses = 0;
  const send = async (question: Question, column: string, transaction: "as it is" | "rolled back") => {
    for (;;) {
      const asked = await askApi(addressee, { ...question, column, transaction });
      if (!isUnready(asked.answer) || pauses >= patience.times) return asked;
      pauses += 1;
      await clock.sleep(patience.pauseMs, addressee.signal);
    }
  };
  return async (question, look) => {
    const { at, probe } = question;
    const why = silent.get("") ?? silent.get(probe.role);
    if (why !== undefined) return { kind: "unanswered", at, why };
    const column = look.column ?? "id";
    const isWrite = probe.op !== "select";
    if (isWrite) {
      const harmless = { ...question, probe: { ...probe, op: "select" } } as const;
      rollsBack ??= (await send(harmless, column, "rolled back")).isRolledBack;
      if (!rollsBack) return unasked("a write, and the API does not show that it rolls back");
    }
    const { answer, isRolledBack } = await send(question, column, isWrite ? "rolled back" : "as it is");
    const overHttp = readAnswer(answer);
    if (overHttp.kind === "unanswered") {
      if (overHttp.reach !== "question") silent.set(overHttp.reach === "api" ? "" : probe.role, overHttp.why);
      return { kind: "unanswered", at, why: overHttp.why };
    }
    if (isWrite && overHttp.kind === "rows" && !isRolledBack) return { kind: "kept", at };
    return compare(question, look.outcome, overHttp);
  };
}

function compare({ at, probe }: Question, inSql: AccessOutcome, overHttp: Answered): HttpResult {
  const comparison = compareOutcomes(probe, inSql, overHttp);
  if (comparison === "same") return { kind: "same" };
  const shown =
    overHttp.kind === "hidden" ? `not shown by the API (${overHttp.code})` : describeOutcome(overHttp);
  return { kind: comparison, at, overHttp: shown, inSql: describeOutcome(inSql) };
}
