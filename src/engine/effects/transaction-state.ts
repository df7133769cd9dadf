import * as z from "zod";
import { sql } from "../database/sql.ts";
import type { SeenRelation, TransactionState } from "../model/effects.ts";
import type { Query, Session } from "../ports.ts";
import { counterRow, counterRows, countersSince, toCounters } from "./row-counters.ts";

const relationFields: Query = sql`
  c.oid::text as oid,
  n.nspname as schema,
  c.relname as name,
  c.relkind as kind,
  (select i.indrelid::text from pg_catalog.pg_index i where i.indexrelid = c.oid) as of_table,
  pg_catalog.pg_relation_filenode(c.oid)::text as file_node,
  c.reltuples as estimated_rows`;

/** Without what the system keeps for itself, and without tables that end with the session. */
const relationSource: Query = sql`
  pg_catalog.pg_class c
  join pg_catalog.pg_namespace n
    on n.oid = c.relnamespace
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    and c.relpersistence <> 't'
    and c.relkind in ('r', 'p', 'i', 'I', 'S', 'v', 'm', 'f')`;

const relationRow = z.object({
  oid: z.string(),
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  of_table: z.string().nullable(),
  file_node: z.string().nullable(),
  estimated_rows: z.number(),
});

const stateRow = z.object({
  locks: z.array(z.tuple([z.string(), z.string()])),
  relations: z.array(relationRow),
  counters: z.array(counterRow),
});

const kinds: Readonly<Record<string, SeenRelation["kind"]>> = {
  r: "table",
  p: "table",
  i: "index",
  I: "index",
  S: "sequence",
  v: "view",
  m: "materialized_view",
  f: "foreign_table",
};

/** Every relation that exists now, by OID, so that it can be named when it is gone. */
export async function readRelations(session: Session): Promise<ReadonlyMap<string, SeenRelation>> {
  const { rows } = await session.run(sql`
    select coalesce(json_agg(r), '[]') as relations
    from (select ${relationFields} from ${relationSource}) r`);
  return toRelations(z.array(relationRow).parse(rows[0]?.["relations"]));
}

/** What the open transaction holds and has done, read in one statement that itself touches the system's tables only. */
export async function readTransactionState(session: Session): Promise<TransactionState> {
  const { rows } = await session.run(sql`
    with held as materialized (
      select l.relation, l.mode
      from pg_catalog.pg_locks l
      where l.pid = pg_catalog.pg_backend_pid()
        and l.locktype = 'relation'
        and l.granted
        and l.relation >= 16384
        and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    )
    select json_build_object(
      'locks', (select coalesce(json_agg(json_build_array(h.relation::text, h.mode)), '[]') from held h),
      'relations', (
        select coalesce(json_agg(r), '[]')
        from (
          select ${relationFields} from ${relationSource} where c.oid in (select h.relation from held h)
        ) r
      ),
      'counters', (select coalesce(json_agg(k), '[]') from (${counterRows}) k)
    ) as state`);
  const { locks, relations, counters } = stateRow.parse(rows[0]?.["state"]);
  const modes = new Map<string, string[]>();
  for (const [oid, mode] of locks) modes.set(oid, [...(modes.get(oid) ?? []), mode.replace(/Lock$/, "")]);
  return { locks: modes, relations: toRelations(relations), counters: toCounters(counters) };
}

/** The same with the counters as they went up since the transaction began. */
export function sinceBegin(begin: TransactionState, state: TransactionState): TransactionState {
  return { ...state, counters: countersSince(begin.counters, state.counters) };
}

function toRelations(rows: readonly z.infer<typeof relationRow>[]): ReadonlyMap<string, SeenRelation> {
  return new Map(
    rows.map((row) => [
      row.oid,
      {
        oid: row.oid,
        schema: row.schema,
        name: row.name,
        kind: kinds[row.kind] ?? "table",
        ofTable: row.of_table ?? undefined,
        fileNode: row.file_node ?? undefined,
        estimatedRows: row.estimated_rows,
      },
    ]),
  );
}
