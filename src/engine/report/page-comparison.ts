import type { CompareDatabasesReport } from "../model/schema-drift-report.ts";
import { countFitting, firstPage } from "./page.ts";

const itemsPerPage = 25;
/** Together with all else in it, an answer then stays below the 24 KB that clients take whole (docs/decisions/0007). */
const itemCharacters = 9_000;
const sqlCharacters = 6_000;
const otherCharacters = 2_000;

/** A comparison as agents are told it: page by page, and its SQL as far as clients do not cut it. */
export function pageComparison(
  report: CompareDatabasesReport,
  cursor: string | undefined,
): CompareDatabasesReport {
  const { sql, not_drift: others = [], rename_candidates: candidates = [], warnings = [], ...rest } = report;
  const page = firstPage(report.drift, { limit: itemsPerPage, maxCharacters: itemCharacters, cursor });
  const isShort = sql !== undefined && JSON.stringify(sql).length <= sqlCharacters;
  const left = isShort
    ? []
    : ["The SQL for both directions is too long for an answer; the command godwit detect-drift prints it."];
  const fit = <T>(items: readonly T[]): readonly T[] => items.slice(0, countFitting(items, otherCharacters));
  const told = [...warnings, ...left];
  return {
    ...rest,
    drift: page.items,
    ...(page.items.length === report.drift.length ? {} : { drift_total: report.drift.length }),
    ...(others.length === 0 ? {} : { not_drift: fit(others) }),
    ...(candidates.length === 0 ? {} : { rename_candidates: fit(candidates) }),
    ...(isShort ? { sql } : {}),
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
    ...(told.length === 0 ? {} : { warnings: told }),
  };
}
