import type { Loss } from "../model/loss.ts";

/** Changes of more rows than this need a yes, although a condition chose them. */
export const mostRowsUnasked = 1000;

interface RowChange {
  readonly table: string;
  readonly deleted: number;
  readonly updated: number;
}

/** The losses of changes that were measured; none where all of them together stay within the bound. */
export function lossesOfRows(changes: readonly RowChange[]): readonly Loss[] {
  const total = changes.reduce((sum, { deleted, updated }) => sum + deleted + updated, 0);
  if (total <= mostRowsUnasked) return [];
  return changes.flatMap(({ table: name, deleted, updated }) => [
    ...(deleted === 0
      ? []
      : [
          {
            kind: "table",
            name,
            change: "deleted" as const,
            rows: { count: deleted, certainty: "counted" as const },
            cannotComeBack: "its rows",
          },
        ]),
    ...(updated === 0
      ? []
      : [
          {
            kind: "table",
            name,
            change: "overwritten" as const,
            rows: { count: updated, certainty: "counted" as const },
            cannotComeBack: "the values before",
          },
        ]),
  ]);
}
