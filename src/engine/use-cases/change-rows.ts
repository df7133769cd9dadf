import { needSession } from "../database/transport.ts";
import { createHash } from "node:crypto";
import { judgeConfirmation } from "../confirmation/judge-confirmation.ts";
import { lossesOfRows } from "../confirmation/many-rows.ts";
import { readLosses } from "../confirmation/read-losses.ts";
import { EngineError } from "../errors.ts";
import { watchRowChanges } from "../execute/row-changes.ts";
import { runWrite } from "../execute/run-write.ts";
import { useAnswer } from "../history/used-answers.ts";
import type { Loss } from "../model/loss.ts";
import { planIdOf } from "../plan/plan-id.ts";
import type { Database, QueryResult } from "../ports.ts";
import type { CallContext, ExecuteSqlRequest } from "../requests.ts";
import { findDestructiveActs } from "../sql/destructive-acts.ts";
import type { ParsedStatement } from "../sql/parse.ts";
import { openTarget, type EngineContext } from "./context.ts";
import { openRun } from "./open-run.ts";

/** One statement that changes rows, and who asks for it. */
export interface RowChangeCall {
  readonly statement: ParsedStatement;
  readonly request: ExecuteSqlRequest;
  readonly call: CallContext;
}

export type ChangedRows =
  | { readonly kind: "changed"; readonly result: QueryResult }
  | { readonly kind: "confirmation_required"; readonly planId: string; readonly losses: readonly Loss[] };

/**
 * Runs a statement that changes rows, or asks first: where it takes every row, and where it turns out to change more rows than
 * go unasked, cascades and triggers included; it is then rolled back. Throws `plan_is_stale` where another plan was approved.
 */
export function changeRows(engine: EngineContext, asked: RowChangeCall): Promise<ChangedRows> {
  const { statement, call } = asked;
  return engine.inTurn(async (writer) => {
    const database = needSession(
      await openTarget(writer, call),
      "Changing rows with execute_sql",
      changeHint,
    );
    const acts = findDestructiveActs(statement.node).map((act) => ({
      act,
      fileName: undefined,
      line: undefined,
      searchPath: undefined,
      madeAfter: [],
    }));
    const known = await readLosses(database, acts, engine.clock.monotonicMs);
    // What changes few rows of production is asked about too, but once it is known which.
    const about = { ...asked, database, isProduction: engine.isProduction };
    const question = known.length === 0 ? undefined : askAbout(about, known);
    if (question !== undefined) return question;
    const { answerId } = call;
    // Nothing else of a change of rows can tell a second one with the same yes: history and schema stay as they are.
    if (answerId !== undefined) await openRun(writer, call, { database });
    let found: ChangedRows | undefined;
    const result = await runWrite(database, engine.clock, {
      text: statement.text,
      limits: {
        lockTimeoutMs: engine.limits.lockTimeoutMs,
        statementTimeoutMs: engine.limits.queryTimeoutMs,
      },
      signal: call.signal,
      watch: async (session) => {
        if (answerId !== undefined) await useAnswer(session, answerId);
        if (known.length > 0) return async () => true;
        const readChanges = await watchRowChanges(session);
        return async () => {
          found = askAbout(about, lossesOfRows(await readChanges()));
          return found === undefined;
        };
      },
    });
    return found ?? { kind: "changed", result };
  });
}

const changeHint =
  "Put the statement into a migration with apply_migration, or give the database's address with --database-url.";

interface AskedChange extends RowChangeCall, Pick<EngineContext, "isProduction"> {
  readonly database: Database;
}

/** The question that losses ask; undefined where they are confirmed, or there are none. */
function askAbout(
  { database, statement, request, call, isProduction }: AskedChange,
  losses: readonly Loss[],
): ChangedRows | undefined {
  const planId = planIdOf("execute_sql", {
    target: database.target.id,
    history: "",
    files: createHash("sha256").update(statement.text).digest("hex"),
    schema: JSON.stringify(losses.map(({ name, change, rows }) => [name, change, magnitude(rows?.count)])),
  });
  const change = { planId, losses, errorCount: 0, isProduction };
  const verdict = judgeConfirmation(change, { ...call, confirm: request.confirm });
  if (verdict === "go") return undefined;
  const isStale = [request.confirm, call.approvedPlan].some(
    (given) => given !== undefined && given !== planId,
  );
  if (isStale) {
    throw new EngineError(
      "plan_is_stale",
      "What was approved is another statement, or concerns other tables or far more or fewer rows than there are now.",
      { hint: "Call execute_sql again without confirm to see what it would change now." },
    );
  }
  return { kind: "confirmation_required", planId, losses };
}

/** Rows come and go while a person reads: only another number of digits makes a plan stale. */
function magnitude(count: number | undefined): number {
  return count === undefined ? -1 : String(count).length;
}
