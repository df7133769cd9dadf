import { openDatabase } from "../../src/engine/database/open-database.ts";
import { readCatalog } from "../../src/engine/catalog/read-catalog.ts";
import { sql } from "../../src/engine/database/sql.ts";
import type { Session } from "../../src/engine/ports.ts";
import type { MovedSequence } from "../../src/engine/effects/sequences.ts";

/** What a rehearsal must leave as it was. */
export interface DatabaseState {
  /** Every fact of the catalog, as text; in an order of its own, since the server answers in no order. */
  readonly catalog: readonly string[];
  /** Roles with their attributes and memberships, which are no part of one database's catalog. */
  readonly roles: string;
  /** The file of each relation. */
  readonly files: string;
  /** Names in the server's own folders that a statement could add to. */
  readonly serverFiles: string;
  readonly sequences: Readonly<Record<string, string | null>>;
}

export interface StateWatcher {
  readonly read: () => Promise<DatabaseState>;
  readonly end: () => Promise<void>;
}

/** Looks at a database from outside the rehearsal. */
export async function watchState(url: string): Promise<StateWatcher> {
  const database = await openDatabase({ kind: "postgres", url });
  return { read: () => database.withSession(readState), end: () => database.close() };
}

/** The state as a session sees it between transactions. */
export async function readState(session: Session): Promise<DatabaseState> {
  const { facts } = await readCatalog(session);
  const { rows } = await session.run(sql`
    select
      (
        select json_agg(json_build_array(r.*, (
          select json_agg(m.roleid order by m.roleid) from pg_auth_members m where m.member = r.oid
        )) order by r.oid)::text
        from pg_authid r
      ) as roles,
      (
        select string_agg(c.oid || ':' || coalesce(pg_relation_filenode(c.oid), 0), ' ' order by c.oid)
        from pg_class c
      ) as files,
      (
        select string_agg(f, ' ' order by f)
        from unnest(array['.', 'pg_replslot', 'pg_tblspc', 'pg_twophase']) d (folder)
        cross join lateral pg_ls_dir(d.folder) f
        where f <> 'postmaster.pid'
      ) as server_files,
      (
        select coalesce(json_object_agg(s.schemaname || '.' || s.sequencename, s.last_value::text), '{}')
        from pg_sequences s
      ) as sequences`);
  const row = rows[0];
  return {
    catalog: [...facts.values()].map((fact) => JSON.stringify(fact)).toSorted(),
    roles: String(row?.["roles"]),
    files: String(row?.["files"]),
    serverFiles: String(row?.["server_files"]),
    sequences: row?.["sequences"] as DatabaseState["sequences"],
  };
}

/** The state with the sequences where the rehearsal says that it left them. */
export function withMoved(state: DatabaseState, moved: readonly MovedSequence[]): DatabaseState {
  const told = Object.fromEntries(moved.map(({ name, to }) => [name, to]));
  return { ...state, sequences: { ...state.sequences, ...told } };
}
