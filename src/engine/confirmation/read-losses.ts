import { sql } from "../database/sql.ts";
import type { Loss } from "../model/loss.ts";
import type { BatchDatabase, Database, Session } from "../ports.ts";
import type { LocatedAct } from "./follow-names.ts";
import { createReader, createRequestReader } from "./reader.ts";
import { readLossesOf } from "./read-losses-of.ts";

/** What one question to the catalog or one count may take, and what all of them together may, in milliseconds. */
const oneLimitMs = 2000;
const allLimitMs = 10_000;

/**
 * What acts would really take away: objects that exist, with the rows that they hold. Empty tables and columns without
 * a value are no loss. Read in one read-only transaction; takes no lock that a reader would not take.
 */
export async function readLosses(
  database: Database,
  acts: readonly LocatedAct[],
  nowMs: () => number,
): Promise<readonly Loss[]> {
  if (acts.length === 0) return [];
  const deadlineMs = nowMs() + allLimitMs;
  if (database.transport === "batch") return readByRequests(database, { acts, deadlineMs, nowMs });
  return database.withSession(async (session) => {
    await session.run(sql`begin read only`);
    try {
      const searchPath = await prepare(session, database.target.engine);
      const reader = createReader(session, deadlineMs, nowMs);
      const losses: Loss[] = [];
      for (const located of acts) {
        const path = searchPathOf(located);
        await session.run(sql`select set_config('search_path', ${path ?? searchPath}, true)`);
        losses.push(...(await readLossesOf(reader, located)));
      }
      return withoutRepeats(losses);
    } finally {
      await session.run(sql`rollback`).catch(() => session.discard());
    }
  });
}

/** Each question in a transaction of its own, so that losses are those of a few moments and not of one. */
async function readByRequests(
  database: BatchDatabase,
  { acts, deadlineMs, nowMs }: Questions,
): Promise<readonly Loss[]> {
  const losses: Loss[] = [];
  for (const located of acts) {
    const path = searchPathOf(located);
    const requests = database.reader({
      lock_timeout: "500ms",
      statement_timeout: String(oneLimitMs),
      row_security: "off",
      ...(path === undefined ? {} : { search_path: path }),
    });
    losses.push(...(await readLossesOf(createRequestReader(requests, deadlineMs, nowMs), located)));
  }
  return withoutRepeats(losses);
}

interface Questions {
  readonly acts: readonly LocatedAct[];
  readonly deadlineMs: number;
  readonly nowMs: () => number;
}

function searchPathOf({ searchPath }: LocatedAct): string | undefined {
  return searchPath?.map((schema) => `"${schema.replaceAll('"', '""')}"`).join(", ");
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

function withoutRepeats(losses: readonly Loss[]): readonly Loss[] {
  const byKey = new Map<string, Loss>();
  for (const loss of losses) {
    const key = JSON.stringify([loss.kind, loss.name, loss.change]);
    if (!byKey.has(key)) byKey.set(key, loss);
  }
  return [...byKey.values()];
}
