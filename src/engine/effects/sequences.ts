import { sql } from "../database/sql.ts";
import type { Session } from "../ports.ts";

/** Where each sequence that we may read stands, by OID; `null` for one that has not been used. */
export type SequencePositions = ReadonlyMap<string, { readonly name: string; readonly value: string | null }>;

/** Reads where sequences stand. It locks them until the transaction ends, so it has one of its own. */
export async function readSequences(session: Session): Promise<SequencePositions> {
  const { rows } = await session.run(sql`
    select
      c.oid::text as oid,
      n.nspname || '.' || c.relname as name,
      pg_catalog.pg_sequence_last_value(c.oid)::text as value
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'S'
      and c.relpersistence <> 't'
      and case
        when c.relkind = 'S'
          then pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_sequence_privilege(c.oid, 'usage, select')
        else false
      end`);
  return new Map(
    rows.map((row) => {
      const value = row["value"];
      return [
        String(row["oid"]),
        { name: String(row["name"]), value: typeof value === "string" ? value : null },
      ];
    }),
  );
}

export interface MovedSequence {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Sequences that stand elsewhere although the transaction was rolled back, among those that it has used. */
export function findMoved(
  before: SequencePositions,
  after: SequencePositions,
  used: ReadonlySet<string>,
): readonly MovedSequence[] {
  return [...before].flatMap(([oid, { name, value }]) => {
    const now = after.get(oid);
    if (!used.has(oid) || now === undefined || now.value === value) return [];
    return [{ name, from: value, to: now.value }];
  });
}
