import { userStatement } from "../database/sql.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { Clock, SessionDatabase, QueryResult, Session } from "../ports.ts";
import { cancellable } from "./cancellable.ts";
import { resolveCommit } from "./resolve-commit.ts";
import { beginTransaction, commit, rollback, type Limits, type OpenTransaction } from "./transaction.ts";

export interface Write {
  readonly text: string;
  readonly limits: Limits;
  /** Cancels the statement on the server; what it did is rolled back. */
  readonly signal: AbortSignal | undefined;
  /** Called in the transaction, before the statement; what it answers is asked after it, and false rolls it back. */
  readonly watch: (session: Session) => Promise<() => Promise<boolean>>;
}

/** Runs one statement that changes rows, in a transaction of its own that is kept where it may be. Throws `DatabaseError`, `cancelled`, `outcome_unknown`. */
export function runWrite(database: SessionDatabase, clock: Clock, write: Write): Promise<QueryResult> {
  return database.withSession(async (session) => {
    const transaction = await beginTransaction(session, write.limits, database.target.engine);
    try {
      const mayKeep = await write.watch(session);
      const result = await cancellable(session, write.signal, () => session.run(userStatement(write.text)));
      if (!(await mayKeep())) {
        await rollback(session);
        return result;
      }
      await commit(session).catch((error: unknown) => settleCommit(database, clock, transaction, error));
      return result;
    } catch (error) {
      await rollback(session);
      throw error;
    }
  });
}

async function settleCommit(
  database: SessionDatabase,
  clock: Clock,
  transaction: OpenTransaction,
  error: unknown,
): Promise<void> {
  if (!(error instanceof DatabaseError) || !error.connectionLost) throw error;
  const outcome = await resolveCommit(database, clock, { transaction, recorded: undefined });
  if (outcome === "rolled_back") throw error;
  if (outcome === "committed") return;
  throw new EngineError(
    "outcome_unknown",
    "The connection broke while the change was committed, and the database did not answer since.",
    { hint: "Read the rows with execute_sql when the database answers again, before you repeat the change." },
    error,
  );
}
