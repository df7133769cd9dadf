import { DatabaseError, EngineError } from "../errors.ts";
import { resolveCommit } from "./resolve-commit.ts";
import type { RunContext } from "./run-context.ts";
import { commit, type OpenTransaction } from "./transaction.ts";

/** A commit, as it is told where nobody can say what became of it. */
interface Commit {
  readonly transaction: OpenTransaction;
  /** What is committed, with its article. */
  readonly what: string;
  /** How the caller finds out later. */
  readonly hint: string;
}

/**
 * Commits. Where the connection breaks meanwhile, the server is asked for the transaction's fate on another one: answers the loss where
 * it was committed all the same, throws it where it was rolled back, and `outcome_unknown` where nobody answers.
 */
export async function commitOrFindOut(
  { session, database, clock }: Pick<RunContext, "session" | "database" | "clock">,
  { transaction, what, hint }: Commit,
): Promise<DatabaseError | undefined> {
  try {
    await commit(session);
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError) || !error.connectionLost) throw error;
    const outcome = await resolveCommit(database, clock, { transaction, recorded: undefined });
    if (outcome === "committed") return error;
    if (outcome === "rolled_back") throw error;
    const message = `The connection broke while ${what} was committed, and the database did not answer since.`;
    throw new EngineError("outcome_unknown", message, { hint }, error);
  }
}
