import { isWeaker, strongestLock } from "../effects/lock-modes.ts";
import type { RehearsedStatement } from "../execute/rehearse.ts";
import type { SeenRelation, StatementTrace, TableRows } from "../model/effects.ts";
import type { RehearsedStatementReport, TableRowsReport } from "../model/rehearsal-report.ts";
import type { Fence } from "./fence.ts";

/** What one statement did, or undefined where that is nothing but time. */
export function describeTrace(
  { migration, statement, durationMs, trace }: RehearsedStatement,
  folder: string,
  fence: Fence,
): RehearsedStatementReport | undefined {
  const isTruncate = statement?.command.startsWith("TRUNCATE") === true;
  const facts = {
    ...list("locks", describeLocks(trace, fence)),
    ...list("rewrites", isTruncate ? [] : describeRewrites(trace, fence)),
    ...list("scans", describeScans(trace, fence)),
    ...list(
      "rows",
      trace.rows.map((rows) => describeTableRows(rows, fence)),
    ),
  };
  if (Object.keys(facts).length === 0) return undefined;
  return {
    file: `${folder}/${migration.fileName}`,
    ...(statement === undefined ? {} : { line: statement.line }),
    command: statement?.command ?? "deferred checks and triggers",
    duration_ms: durationMs,
    ...facts,
  };
}

/** The counts of one table, those of 0 left out. */
export function describeTableRows(rows: TableRows, fence: Fence): TableRowsReport {
  const { inserted, updated, deleted, destroyed = 0 } = rows;
  return {
    table: fence.wrapName(rows.table),
    ...(inserted === 0 ? {} : { inserted }),
    ...(updated === 0 ? {} : { updated }),
    ...(deleted === 0 ? {} : { deleted }),
    ...(destroyed === 0 ? {} : { destroyed }),
    ...(rows.isEstimate === true ? { estimated: true } : {}),
  };
}

/** The strongest lock on each object where none as strong was held; an index's is left out where its table's is as strong. */
function describeLocks({ locks }: StatementTrace, fence: Fence): readonly string[] {
  return locks.flatMap(({ relation, modes, held, onTable }) => {
    const mode = strongestLock(modes);
    const isNews = isWeaker(strongestLock([...held, ...onTable]), mode);
    return isNews ? [`${mode} on ${describeRelation(relation, fence)}`] : [];
  });
}

/** An index is written anew with its table. */
function describeRewrites({ rewrites }: StatementTrace, fence: Fence): readonly string[] {
  const oids = new Set(rewrites.map(({ oid }) => oid));
  return rewrites
    .filter(({ ofTable }) => ofTable === undefined || !oids.has(ofTable))
    .map((relation) => describeRelation(relation, fence));
}

function describeScans({ scans }: StatementTrace, fence: Fence): readonly string[] {
  return scans
    .filter(({ rows }) => rows > 0)
    .map(({ table, scans: count, rows }) => {
      const times = count > 1 ? ` in ${count} scans` : "";
      return `${fence.wrapName(table)}: ${rows} ${rows === 1 ? "row" : "rows"}${times}`;
    });
}

function describeRelation({ kind, schema, name }: SeenRelation, fence: Fence): string {
  return `${kind.replace("_", " ")} ${fence.wrapName(`${schema}.${name}`)}`;
}

function list<K extends string, T>(key: K, items: readonly T[]): Partial<Record<K, readonly T[]>> {
  if (items.length === 0) return {};
  const entry: Partial<Record<K, readonly T[]>> = {};
  entry[key] = items;
  return entry;
}
