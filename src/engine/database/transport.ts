import { EngineError } from "../errors.ts";
import type { Database, Reader, SessionDatabase } from "../ports.ts";

/** Lets `use` read, on one session or by one request a query: each query then sees its own moment. */
export function readFrom<T>(database: Database, use: (reader: Reader) => Promise<T>): Promise<T> {
  return database.transport === "session" ? database.withSession(use) : use(database.reader({}));
}

/** The same database, whose sessions go before those of others. */
export function goingFirst(database: Database): Database {
  if (database.transport === "batch") return database;
  return { ...database, withSession: (use) => database.withSession(use, "first") };
}

/** The database, where it keeps sessions. Throws `needs_session`; `what` begins the message, such as `A dry run on the target`. */
export function needSession(database: Database, what: string, hint?: string): SessionDatabase {
  if (database.transport === "session") return database;
  throw new EngineError(
    "needs_session",
    `${what} needs a session, and ${database.target.label} is reached by single requests, each a transaction of its own.`,
    hint === undefined ? {} : { hint },
  );
}
