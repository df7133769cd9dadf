import { DatabaseError } from "../errors.ts";
import type { Query, Session } from "../ports.ts";

/** Runs a statement that may fail; answers what the server said against it. Rejects where the connection is lost. */
export async function tryRun(session: Session, query: Query): Promise<DatabaseError | undefined> {
  return session.run(query).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof DatabaseError && !error.connectionLost) return error;
      throw error;
    },
  );
}
