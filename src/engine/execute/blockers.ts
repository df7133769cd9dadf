import { sql } from "../database/sql.ts";
import type { Database } from "../ports.ts";
import { historyLockKey } from "./transaction.ts";

/** What a session must have waited before its blockers are looked up, in milliseconds. */
const patienceMs = 500;

export interface BlockerWatch {
  /** The sessions that were seen to be in the way, as sentences without their queries. */
  readonly describe: () => Promise<readonly string[]>;
  /** Runs a statement of the watched backend and notes who blocks it when it takes long. */
  readonly watch: <T>(pid: number, run: () => Promise<T>) => Promise<T>;
}

/** Watches through another connection who stands in the way. The embedded database has one connection and nobody to wait for. */
export function watchBlockers(database: Database): BlockerWatch {
  if (database.target.engine === "pglite")
    return { describe: async () => [], watch: async (_pid, run) => run() };
  let seen: readonly string[] = [];
  return {
    describe: async () => (seen.length > 0 ? seen : readLockHolders(database)),
    watch: async (pid, run) => {
      const timer = setTimeout(() => {
        readBlockers(database, pid).then(
          (found) => {
            if (found.length > 0) seen = found;
          },
          () => undefined,
        );
      }, patienceMs);
      try {
        return await run();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

const describeSession = sql`
  format(
    'Session %s of %s (%s, %s, its transaction began %s s ago)',
    a.pid, a.usename, coalesce(nullif(a.application_name, ''), 'no application name'), a.state,
    round(extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start)))
  ) as sentence`;

async function readBlockers(database: Database, pid: number): Promise<readonly string[]> {
  const { rows } = await database.withSession((session) =>
    session.run(sql`
      select ${describeSession}
      from pg_catalog.pg_stat_activity a
      where a.pid = any (pg_blocking_pids(${pid}))
      order by a.xact_start
      limit 5`),
  );
  return rows.map((row) => String(row["sentence"]));
}

/** Who holds the history's advisory lock now. */
async function readLockHolders(database: Database): Promise<readonly string[]> {
  const { rows } = await database.withSession((session) =>
    session.run(sql`
      select ${describeSession}
      from pg_catalog.pg_locks l
      join pg_catalog.pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory'
        and l.granted
        and l.pid <> pg_backend_pid()
        and (l.classid::bigint << 32 | l.objid::bigint) = ${historyLockKey}
      limit 5`),
  );
  return rows.map((row) => String(row["sentence"]));
}
