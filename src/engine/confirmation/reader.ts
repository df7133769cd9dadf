import { sendTogether } from "../database/send-together.ts";
import { sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Query, Reader as Requests, Row, Session } from "../ports.ts";

/** Asks the target about what acts would take away; each question by itself, so that one that fails costs only its answer. */
export interface Reader {
  /** Undefined where the database refuses, is busy, or time is up. */
  readonly ask: (query: Query) => Promise<readonly Row[] | undefined>;
}

/** A reader in the session's open transaction; counts are no longer made after the deadline of the monotonic clock. */
export function createReader(session: Session, deadlineMs: number, nowMs: () => number): Reader {
  return {
    ask: async (query) => {
      if (isLate(query, deadlineMs, nowMs)) return undefined;
      try {
        const [, { rows }] = await sendTogether(session.run(sql`savepoint question`), session.run(query));
        return rows;
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
        await session.run(sql`rollback to savepoint question`);
        return undefined;
      }
    },
  };
}

/** The same where each question is a request, and so a transaction, of its own. */
export function createRequestReader(requests: Requests, deadlineMs: number, nowMs: () => number): Reader {
  return {
    ask: async (query) => {
      if (isLate(query, deadlineMs, nowMs)) return undefined;
      try {
        return (await requests.run(query)).rows;
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
        return undefined;
      }
    },
  };
}

function isLate(query: Query, deadlineMs: number, nowMs: () => number): boolean {
  return nowMs() > deadlineMs && query.text.startsWith("select count(*)");
}
