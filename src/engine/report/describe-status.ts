import { versionOf } from "../compare/reconcile.ts";
import type { HistoryEntry } from "../model/history.ts";
import type { MigrationRow } from "../model/report.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { MigrationState, MigrationStatus } from "../model/reconciliation.ts";
import type { Fence } from "./fence.ts";

/** What a row is told with, besides its status. */
export interface Telling {
  /** The migrations folder as shown to people. */
  readonly folder: string;
  readonly fence: Fence;
}

/** One row for each file and for each history entry that has no file of its version, in the order of application. */
export function describeStatuses(
  statuses: readonly MigrationStatus[],
  telling: Telling,
): readonly MigrationRow[] {
  return statuses
    .flatMap((status) => place(status, describeStatus(status, telling)))
    .toSorted(inOrder)
    .map(({ row }) => row);
}

/** A row beside the version as it is, which the row itself may show in a fence. */
interface PlacedRow {
  readonly version: string;
  readonly row: MigrationRow;
}

/** How many rows have each state; states without rows are left out. */
export function countStates(
  rows: readonly MigrationRow[],
): Readonly<Partial<Record<MigrationState, number>>> {
  const counts: Partial<Record<MigrationState, number>> = {};
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** The second row of a renumbered pair is the entry's. */
function place(status: MigrationStatus, rows: readonly MigrationRow[]): readonly PlacedRow[] {
  const own = versionOf(status) ?? "";
  return rows.map((row, index) => ({
    version: status.kind === "renumbered" && index > 0 ? status.entry.version : own,
    row,
  }));
}

/** Counts as words, such as `3 pending, 1 edited`. */
export function describeCounts(counts: Readonly<Partial<Record<MigrationState, number>>>): string {
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${state.replaceAll("_", " ")}`);
  return parts.length === 0 ? "no migrations" : parts.join(", ");
}

function describeStatus(status: MigrationStatus, telling: Telling): readonly MigrationRow[] {
  switch (status.kind) {
    case "applied":
      return [
        { ...ofPair(status, telling), ...(status.isContentKnown ? {} : { note: "its SQL is not recorded" }) },
      ];
    case "renamed":
      return [{ ...ofPair(status, telling), recorded_name: telling.fence.wrapName(status.entry.name ?? "") }];
    case "edited":
      return [ofPair(status, telling)];
    case "pending":
    case "out_of_order":
    case "skipped":
      return [ofFile(status, telling)];
    case "duplicate_version":
      return [{ ...ofFile(status, telling), note: `${status.holder.fileName} has the same version` }];
    case "missing_file":
      return [ofEntry(status, telling)];
    case "renumbered":
      return [
        { ...ofFile(status, telling), same_as: telling.fence.wrapName(status.entry.version) },
        { ...ofEntry(status, telling), same_as: status.file.version },
      ];
    case "incomplete":
      return [describeIncomplete(status, telling)];
  }
}

function describeIncomplete(
  status: Extract<MigrationStatus, { kind: "incomplete" }>,
  telling: Telling,
): MigrationRow {
  const { run, file } = status;
  const done = run.statementResults.filter((result) => result.state === "done").length;
  const note = `stopped after ${done} ${done === 1 ? "statement" : "statements"}; apply it again to go on`;
  if (file !== undefined) return { ...ofFile({ kind: status.kind, file }, telling), note };
  const { fence } = telling;
  const version = fence.wrapName(run.version ?? "");
  return { version, name: fence.wrapName(run.phaseName), state: status.kind, note };
}

function ofFile(
  status: { readonly kind: MigrationState; readonly file: MigrationFile },
  telling: Telling,
): MigrationRow {
  const { version, name, fileName } = status.file;
  return { version, name, state: status.kind, file: `${telling.folder}/${fileName}` };
}

function ofEntry(
  status: { readonly kind: MigrationState; readonly entry: HistoryEntry },
  { fence }: Telling,
): MigrationRow {
  const { entry } = status;
  return {
    version: fence.wrapName(entry.version),
    name: entry.name === undefined || entry.name === "" ? "" : fence.wrapName(entry.name),
    state: status.kind,
    ...appliedFacts(entry, fence),
  };
}

function ofPair(
  status: { readonly kind: MigrationState; readonly file: MigrationFile; readonly entry: HistoryEntry },
  telling: Telling,
): MigrationRow {
  return { ...ofFile(status, telling), ...appliedFacts(status.entry, telling.fence) };
}

function appliedFacts(entry: HistoryEntry, fence: Fence): Partial<MigrationRow> {
  const at = entry.run?.completedAt?.toISOString();
  const by = entry.run?.appliedBy ?? entry.createdBy;
  return {
    ...(at === undefined ? {} : { applied_at: at }),
    ...(by === undefined ? {} : { applied_by: fence.wrapName(by) }),
  };
}

/** The order of application: by the text of the version, then by file name. */
function inOrder(a: PlacedRow, b: PlacedRow): number {
  if (a.version !== b.version) return a.version < b.version ? -1 : 1;
  return (a.row.file ?? "") < (b.row.file ?? "") ? -1 : 1;
}
