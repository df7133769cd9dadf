import { sendTogether } from "../database/send-together.ts";
import { sql } from "../database/sql.ts";
import type { BatchDatabase, BatchSettings, Database, Session } from "../ports.ts";
import { createReader, createRequestReader, type Reader } from "./reader.ts";

/** What one question to the catalog or one count may take, and what all of them together may, in milliseconds. */
const oneLimitMs = 2000;
const allLimitMs = 10_000;

/** A reader in a transaction of its own. */
export interface BoundedReader extends Reader {
  /** The same reader for names without a schema that are looked for here, in quotes and with commas; undefined is the database's own path. */
  readonly along: (searchPath: string | undefined) => Promise<Reader>;
}

/** Reads in one read-only transaction that waits for no lock longer than a moment, and is rolled back. */
export function withReader<T>(
  database: Database,
  nowMs: () => number,
  read: (reader: BoundedReader) => Promise<T>,
): Promise<T> {
  if (database.transport === "batch") return read(readerByRequests(database, nowMs));
  return database.withSession(async (session) => {
    try {
      const ownPath = await begin(session, database.target.engine);
      const reader = createReader(session, nowMs() + allLimitMs, nowMs);
      const along = async (searchPath = ownPath) => {
        await session.run(sql`select set_config('search_path', ${searchPath}, true)`);
        return reader;
      };
      return await read({ ...reader, along });
    } finally {
      await session.run(sql`rollback`).catch(() => session.discard());
    }
  });
}

/** Each question is a transaction of its own: the answers are then of a few moments and not of one. */
function readerByRequests(database: BatchDatabase, nowMs: () => number): BoundedReader {
  const deadlineMs = nowMs() + allLimitMs;
  const readerWith = (settings: BatchSettings) => {
    const limits = { lock_timeout: "500ms", statement_timeout: String(oneLimitMs), row_security: "off" };
    return createRequestReader(database.reader({ ...limits, ...settings }), deadlineMs, nowMs);
  };
  const along = async (path: string | undefined) =>
    readerWith(path === undefined ? {} : { search_path: path });
  return { ...readerWith({}), along };
}

/** Answers the database's own search path. */
async function begin(session: Session, engine: "pglite" | "postgres"): Promise<string> {
  const limits = sql`
    select
      set_config('lock_timeout', '500ms', true),
      set_config('statement_timeout', ${String(oneLimitMs)}, true),
      set_config('standard_conforming_strings', 'on', true)`;
  const [, , { rows }] = await sendTogether(
    session.run(sql`begin read only`),
    session.run(sql`reset all`),
    session.run(sql`select current_setting('search_path') as path`),
    engine === "postgres" ? session.run(limits) : Promise.resolve(),
    // Counting what policies hide would count too little: better an error, after which the statistics serve.
    session.run(sql`select set_config('row_security', 'off', true)`),
  );
  return String(rows[0]?.["path"]);
}
