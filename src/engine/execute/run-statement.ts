import { userStatement } from "../database/sql.ts";
import type { StatementResult } from "../model/history.ts";
import type { PlannedStatement } from "../model/plan.ts";
import { cancellable } from "./cancellable.ts";
import type { RunContext } from "./run-context.ts";

/** Thrown for a statement of a migration that failed, with the statement beside what the database said. */
export class StatementFailure extends Error {
  override readonly name = "StatementFailure";
  readonly statement: PlannedStatement;

  constructor(statement: PlannedStatement, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.statement = statement;
  }
}

/** Commands whose tag counts rows that changed. */
const changing = new Set(["INSERT", "UPDATE", "DELETE", "MERGE", "COPY"]);

/** Sends one statement of a migration. Cancelled on the server when the caller gives up. Throws `StatementFailure`. */
export async function runStatement(
  context: RunContext,
  pid: number,
  statement: PlannedStatement,
): Promise<StatementResult> {
  const startedMs = context.clock.monotonicMs();
  try {
    const result = await context.blockers.watch(pid, () =>
      cancellable(context.session, context.signal, () => context.session.run(userStatement(statement.text))),
    );
    return {
      index: statement.index,
      state: "done",
      fingerprint: statement.fingerprint,
      command: result.command,
      rowsAffected: changing.has(result.command) ? result.rowsAffected : 0,
      durationMs: Math.round(context.clock.monotonicMs() - startedMs),
    };
  } catch (error) {
    throw new StatementFailure(statement, error);
  }
}
