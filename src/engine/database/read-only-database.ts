import { EngineError } from "../errors.ts";
import type { SessionDatabase, Query, Session } from "../ports.ts";
import { sql } from "./sql.ts";

/**
 * A database through which nothing can be written, whatever asks for it: sessions begin with read-only transactions as their
 * default, also after RESET ALL, and a transaction that is not begun as read-only is refused before it is sent (`read_only`).
 * Behind a transaction pooler a session's default would stay with the next client, so there only the second holds.
 */
export function toReadOnly(database: SessionDatabase): SessionDatabase {
  const keepsDefault = database.target.pooling === "none";
  return {
    ...database,
    withSession: (use, place) =>
      database.withSession(async (session) => {
        if (keepsDefault) await session.run(readOnlyByDefault);
        return use(guard(session, keepsDefault ? readOnlyByDefault : undefined));
      }, place),
  };
}

const readOnlyByDefault = sql`set session characteristics as transaction read only`;

function guard(session: Session, afterReset: Query | undefined): Session {
  return {
    ...session,
    run: async (query) => {
      assertReads(query);
      if (afterReset === undefined || query.text !== "reset all") return session.run(query);
      // Nothing that is asked for meanwhile may come between the two.
      const [result] = await Promise.all([session.run(query), session.run(afterReset)]);
      return result;
    },
  };
}

/** Our own statements only: what a user sends was judged before, and runs inside a transaction that was begun here. */
function assertReads({ text }: Query): void {
  const opensTransaction = /^\s*(?:begin|start\s+transaction)\b/i.test(text);
  if (!opensTransaction || /\bread\s+only\b/i.test(text)) return;
  throw new EngineError("read_only", "A writing transaction is not possible: this server is read-only.");
}
