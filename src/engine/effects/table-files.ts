import { ident, sql } from "../database/sql.ts";
import type { Session } from "../ports.ts";

/** A lasting table and the file that holds its rows. */
export interface TableFile {
  /** Such as `public.orders`. */
  readonly table: string;
  readonly schema: string;
  readonly name: string;
  /** Another one after TRUNCATE and after everything that writes the table anew. */
  readonly fileNode: string;
  /** Undefined where another session's lock keeps everybody from looking. */
  readonly bytes: number | undefined;
  /** The planner's estimate; -1 where it has none. */
  readonly estimatedRows: number;
}

/** Every lasting table outside the system's schemas by its OID. Waits for nobody: tables that others hold are not measured. */
export async function readTableFiles(session: Session): Promise<ReadonlyMap<string, TableFile>> {
  const { rows } = await session.run(sql`
    with held as materialized (
      select l.relation
      from pg_catalog.pg_locks l
      where l.locktype = 'relation'
        and l.mode = 'AccessExclusiveLock'
        and l.granted
        and l.pid <> pg_backend_pid()
    )
    select
      c.oid::text as oid,
      n.nspname as schema,
      c.relname as name,
      c.relfilenode::text as file_node,
      case when not exists (select from held h where h.relation = c.oid) then pg_relation_size(c.oid) end::float8 as bytes,
      c.reltuples::float8 as estimated_rows
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r'
      and c.relpersistence <> 't'
      and n.nspname not in ('pg_catalog', 'information_schema')`);
  return new Map(
    rows.map((row) => [
      String(row["oid"]),
      {
        table: `${String(row["schema"])}.${String(row["name"])}`,
        schema: String(row["schema"]),
        name: String(row["name"]),
        fileNode: String(row["file_node"]),
        bytes: row["bytes"] === null ? undefined : Number(row["bytes"]),
        estimatedRows: Number(row["estimated_rows"]),
      },
    ]),
  );
}

/** The tables that held something before and are gone or empty now, by their OIDs. A table that was only written anew is not among them. */
export async function findGone(
  session: Session,
  before: ReadonlyMap<string, TableFile>,
): Promise<readonly { readonly oid: string; readonly change: "dropped" | "emptied" }[]> {
  const after = await readTableFiles(session);
  const gone: { readonly oid: string; readonly change: "dropped" | "emptied" }[] = [];
  for (const [oid, file] of before) {
    if (file.bytes === 0) continue;
    const now = after.get(oid);
    if (now === undefined) gone.push({ oid, change: "dropped" });
    else if (now.fileNode !== file.fileNode && !(await hasRows(session, now)))
      gone.push({ oid, change: "emptied" });
  }
  return gone;
}

async function hasRows(session: Session, { schema, name }: TableFile): Promise<boolean> {
  const { rows } = await session.run(
    sql`select exists (select from only ${ident(schema, name)}) as has_rows`,
  );
  return rows[0]?.["has_rows"] === true;
}
