import { userStatement } from "../database/sql.ts";
import type { Clock, SessionDatabase, QueryResult, Session } from "../ports.ts";
import { cancellable } from "./cancellable.ts";
import { commitOrFindOut } from "./commit-or-find-out.ts";
import { beginTransaction, rollback, type Limits } from "./transaction.ts";

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
      await commitOrFindOut(
        { session, database, clock },
        {
          transaction,
          what: "the change",
          hint: "Read the rows with execute_sql when the database answers again, before you repeat the change.",
        },
      );
      return result;
    } catch (error) {
      await rollback(session);
      throw error;
    }
  });
}
