import type { SeenRelation, StatementTrace, TableRows } from "../model/effects.ts";

/**
 * The traces of consecutive statements with the rows that went with dropped and emptied tables: what the table held before the
 * first statement, and what the statements up to then had added to it or deleted from it.
 */
export function addDestroyed(
  traces: readonly StatementTrace[],
  held: readonly TableRows[],
): readonly StatementTrace[] {
  const counted = new Map(held.map((rows) => [rows.table, rows]));
  const now = new Map(held.map(({ table, destroyed = 0 }) => [table, destroyed]));
  return traces.map((trace) => {
    for (const { table, inserted, deleted } of trace.rows)
      now.set(table, (now.get(table) ?? 0) + inserted - deleted);
    const gone = [...trace.emptied, ...trace.dropped].filter(isTable).flatMap((relation) => {
      const table = `${relation.schema}.${relation.name}`;
      const destroyed = Math.max(0, now.get(table) ?? 0);
      now.set(table, 0);
      if (destroyed === 0) return [];
      const estimate = counted.get(table)?.isEstimate === true ? { isEstimate: true } : {};
      return [{ table, inserted: 0, updated: 0, deleted: 0, destroyed, ...estimate }];
    });
    return gone.length === 0 ? trace : { ...trace, rows: [...trace.rows, ...gone] };
  });
}

function isTable({ kind }: SeenRelation): boolean {
  return kind === "table";
}
