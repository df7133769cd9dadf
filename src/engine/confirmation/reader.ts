import { sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Query, Row, Session } from "../ports.ts";

/** Asks the target about what acts would take away; each question by itself, so that one that fails costs only its answer. */
export interface Reader {
  /** Undefined where the database refuses, is busy, or time is up. */
  readonly ask: (query: Query) => Promise<readonly Row[] | undefined>;
}

/** A reader in the session's open transaction; counts are no longer made after the deadline of the monotonic clock. */
export function createReader(session: Session, deadlineMs: number, nowMs: () => number): Reader {
  return {
    ask: async (query) => {
      if (nowMs() > deadlineMs && query.text.startsWith("select count(*)")) return undefined;
      await session.run(sql`savepoint question`);
      try {
        return (await session.run(query)).rows;
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
        await session.run(sql`rollback to savepoint question`);
        return undefined;
      }
    },
  };
}
