import { sql } from "../database/sql.ts";
import type { Session } from "../ports.ts";

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
  return rows.map((row) => ({
    pid: Number(row["pid"]),
    user: String(row["user"]),
    application: String(row["application"]),
    state: String(row["state"]),
    ageSeconds: Number(row["age"]),
  }));
}

/** A holder as part of a sentence. Names are what their owner chose: only what a name needs is let through. */
export function describeLockHolder({ pid, user, application, state, ageSeconds }: LockHolder): string {
  const plain = (text: string) => text.replace(/[^\p{L}\p{N}@/._:-]+/gu, "_").slice(0, 60);
  const name = plain(application) === "" ? "no application name" : plain(application);
  return `Session ${pid} of ${plain(user)} (${name}, ${state}, its transaction began ${ageSeconds} s ago)`;
}
