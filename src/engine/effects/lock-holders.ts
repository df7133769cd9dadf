import { sql } from "../database/sql.ts";
import type { Reader, Row, Session } from "../ports.ts";

/** A session that holds locks on relations which a statement names. */
export interface LockHolder {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  readonly state: string;
  /** Seconds since its transaction began. */
  readonly ageSeconds: number;
}

/**
 * Who holds locks on the relations that the text names, the longest transaction first; at most three. Without a text: who keeps
 * others even from looking at a table.
 */
export async function readLockHolders(session: Session, text: string): Promise<readonly LockHolder[]> {
  const { rows } = await session.run(sql`
    select
      a.pid,
      a.usename::text as user,
      a.application_name as application,
      coalesce(a.state, 'unknown state') as state,
      round(extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start)))::integer as age
    from pg_catalog.pg_stat_activity a
    where a.pid <> pg_backend_pid()
      and exists (
        select
        from pg_catalog.pg_locks l
        join pg_catalog.pg_class c on c.oid = l.relation
        where l.pid = a.pid
          and l.granted
          and l.locktype = 'relation'
          and l.relation >= 16384
          and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
          and case
            when ${text}::text = '' then l.mode = 'AccessExclusiveLock'
            else position(lower(c.relname) in lower(${text}::text)) > 0
          end
      )
    order by a.xact_start
    limit 3`);
  return rows.map(toHolder);
}

function toHolder(row: Row): LockHolder {
  return {
    pid: Number(row["pid"]),
    user: String(row["user"]),
    application: String(row["application"]),
    state: String(row["state"]),
    ageSeconds: Number(row["age"]),
  };
}

/** Seconds that a transaction may hold a table before a plan tells of it. */
const longSeconds = 5;

/** Who has held a user's table for long, or keeps transaction ids from running out on it; by `schema.table`, as the beginning of a sentence. */
export async function readLongHolders(reader: Reader): Promise<ReadonlyMap<string, string>> {
  const { rows } = await reader.run(sql`
    select
      n.nspname as schema,
      c.relname as name,
      a.pid,
      coalesce(a.usename::text, 'the server') as user,
      a.application_name as application,
      coalesce(a.state, a.backend_type) as state,
      round(extract(epoch from clock_timestamp() - a.xact_start))::integer as age
    from pg_catalog.pg_stat_activity a
    join pg_catalog.pg_locks l on l.pid = a.pid
    join pg_catalog.pg_class c on c.oid = l.relation
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where a.pid <> pg_backend_pid()
      and l.granted
      and l.locktype = 'relation'
      and l.relation >= 16384
      and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
      and c.relkind in ('r', 'p', 'm')
      and a.xact_start < clock_timestamp() - make_interval(secs => ${longSeconds})
      and (a.backend_type <> 'autovacuum worker' or a.query like '%(to prevent wraparound)%')
    order by a.xact_start desc
    limit 1000`);
  return new Map(
    rows.map((row) => [`${String(row["schema"])}.${String(row["name"])}`, describeLockHolder(toHolder(row))]),
  );
}

/** A holder as part of a sentence. Names are what their owner chose: only what a name needs is let through. */
export function describeLockHolder({ pid, user, application, state, ageSeconds }: LockHolder): string {
  const plain = (text: string) => text.replace(/[^\p{L}\p{N}@/._:-]+/gu, "_").slice(0, 60);
  const name = plain(application) === "" ? "no application name" : plain(application);
  return `Session ${pid} of ${plain(user)} (${name}, ${state}, its transaction began ${ageSeconds} s ago)`;
}
