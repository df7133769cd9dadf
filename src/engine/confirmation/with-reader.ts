import { sql } from "../database/sql.ts";
import type { Database, Session } from "../ports.ts";
import { createReader, type Reader } from "./reader.ts";

/** What one question to the catalog or one count may take, and what all of them together may, in milliseconds. */
const oneLimitMs = 2000;
const allLimitMs = 10_000;

/** A reader in a transaction of its own, with the search path that names without a schema have there. */
export interface BoundedReader extends Reader {
  readonly session: Session;
  readonly searchPath: string;
}

/** Reads in one read-only transaction that waits for no lock longer than a moment, and is rolled back. */
export function withReader<T>(
  database: Database,
  nowMs: () => number,
  read: (reader: BoundedReader) => Promise<T>,
): Promise<T> {
  return database.withSession(async (session) => {
    await session.run(sql`begin read only`);
    try {
      const searchPath = await prepare(session, database.target.engine);
      return await read({ ...createReader(session, nowMs() + allLimitMs, nowMs), session, searchPath });
    } finally {
      await session.run(sql`rollback`).catch(() => session.discard());
    }
  });
}

async function prepare(session: Session, engine: "pglite" | "postgres"): Promise<string> {
  await session.run(sql`reset all`);
  const { rows } = await session.run(sql`select current_setting('search_path') as path`);
  if (engine === "postgres") {
    await session.run(sql`
      select
        set_config('lock_timeout', '500ms', true),
        set_config('statement_timeout', ${String(oneLimitMs)}, true),
        set_config('standard_conforming_strings', 'on', true)`);
  }
  // Counting what policies hide would count too little: better an error, after which the statistics serve.
  await session.run(sql`select set_config('row_security', 'off', true)`);
  return String(rows[0]?.["path"]);
}
