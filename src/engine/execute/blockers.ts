import { sql } from "../database/sql.ts";
import type { SessionDatabase, Row } from "../ports.ts";
import { historyLockKey } from "./transaction.ts";

/** When a session's blockers are first looked up, and how often after that, in milliseconds; a lock is waited for longer. */
const firstLookMs = 100;
const lookEveryMs = 1000;

export interface BlockerWatch {
  /** The sessions that were seen to be in the way, as sentences; their queries are wrapped, because others wrote them. */
  readonly describe: () => Promise<readonly string[]>;
  /** Runs a statement of the watched backend and notes who blocks it when it takes long. */
  readonly watch: <T>(pid: number, run: () => Promise<T>) => Promise<T>;
}

/** Watches through another connection who stands in the way. The embedded database has one connection and nobody to wait for. */
export function watchBlockers(database: SessionDatabase, wrap: (text: string) => string): BlockerWatch {
  if (database.target.engine === "pglite")
    return { describe: async () => [], watch: async (_pid, run) => run() };
  let seen: readonly string[] = [];
  return {
    describe: async () => (seen.length > 0 ? seen : readLockHolders(database, wrap)),
    watch: async (pid, run) => {
      const stop = lookRepeatedly(async () => {
        const found = await readBlockers(database, pid, wrap);
        if (found.length > 0) seen = found;
      });
      try {
        const result = await run();
        seen = [];
        return result;
      } finally {
        stop();
      }
    },
  };
}

/** Looks now and then until it is stopped; one look that fails is no harm. */
function lookRepeatedly(look: () => Promise<void>): () => void {
  const state = { isStopped: false };
  const again = (delayMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      void look()
        .catch(() => undefined)
        .then(() => {
          if (!state.isStopped) timer = again(lookEveryMs);
        });
    }, delayMs);
  let timer = again(firstLookMs);
  return () => {
    state.isStopped = true;
    clearTimeout(timer);
  };
}

/** Names are what their owner chose: only what a name needs is let through. */
const describeSession = sql`
  format(
    'Session %s of %s (%s, %s, its transaction began %s s ago)',
    a.pid, regexp_replace(a.usename::text, '[^[:alnum:]@/._:-]+', '_', 'g'),
    coalesce(
      nullif(regexp_replace(a.application_name, '[^[:alnum:]@/._:-]+', '_', 'g'), ''), 'no application name'
    ),
    coalesce(a.state, 'state not visible'),
    round(extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start)))
  ) as sentence,
  left(a.query, 300) as query`;

async function readBlockers(
  database: SessionDatabase,
  pid: number,
  wrap: (text: string) => string,
): Promise<readonly string[]> {
  const { rows } = await database.withSession((session) =>
    session.run(sql`
      select ${describeSession}
      from pg_catalog.pg_stat_activity a
      where a.pid = any (pg_blocking_pids(${pid}))
      order by a.xact_start
      limit 5`),
  );
  return rows.map((row) => toSentence(row, wrap));
}

/** Who holds the history's advisory lock now. */
async function readLockHolders(
  database: SessionDatabase,
  wrap: (text: string) => string,
): Promise<readonly string[]> {
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
  return rows.map((row) => toSentence(row, wrap));
}

/** A session whose query the server does not let us see says so in angle brackets. */
function toSentence(row: Row, wrap: (text: string) => string): string {
  const query = String(row["query"] ?? "").trim();
  const isShown = query !== "" && !/^<[a-z ]+>$/.test(query);
  return `${String(row["sentence"])}${isShown ? ` whose query is ${wrap(query)}` : ""}`;
}
