import { firstDifference } from "../compare/first-difference.ts";
import type { DriftItem } from "../model/report.ts";
import type { MigrationStatus } from "../model/reconciliation.ts";
import type { Advice } from "../plan/reconcile/plan-reconciliation.ts";
import { describeFix } from "./describe-fix.ts";
import type { Telling } from "./describe-status.ts";

/** What differences are told with, besides themselves. */
export interface DriftTelling extends Telling {
  /** What reconciling would do about each. */
  readonly advise: (status: MigrationStatus) => Advice;
}

/** What cannot be told from the other side comes first; missing files, of which there can be hundreds, come last. */
const order: readonly MigrationStatus["kind"][] = [
  "incomplete",
  "edited",
  "renumbered",
  "duplicate_version",
  "out_of_order",
  "renamed",
  "missing_file",
];

/** The differences among the statuses, those that need thought first, each with what is so and how to mend it. */
export function describeDrift(
  statuses: readonly MigrationStatus[],
  telling: DriftTelling,
): readonly DriftItem[] {
  const items = statuses.map((status) => tell(status, telling)).filter((item) => item !== undefined);
  return items.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function tell(status: MigrationStatus, telling: DriftTelling): DriftItem | undefined {
  const item = describe(status, telling);
  if (item === undefined) return undefined;
  const fix = describeFix(status, telling.advise(status), telling.fence);
  return { ...item, fix: [item.fix, fix].filter((part) => part !== undefined).join(" ") };
}

type Told = Omit<DriftItem, "fix"> & { readonly fix?: string };

function describe(status: MigrationStatus, telling: Telling): Told | undefined {
  switch (status.kind) {
    case "applied":
    case "pending":
    case "skipped":
      return undefined;
    case "out_of_order":
      return describeOutOfOrder(status, telling);
    case "missing_file":
      return describeMissingFile(status, telling);
    case "renumbered":
      return describeRenumbered(status, telling);
    case "renamed":
      return describeRenamed(status, telling);
    case "edited":
      return describeEdited(status, telling);
    case "duplicate_version":
      return describeDuplicate(status, telling);
    case "incomplete":
      return describeIncomplete(status, telling);
  }
}

type Of<K extends MigrationStatus["kind"]> = Extract<MigrationStatus, { kind: K }>;

function describeOutOfOrder({ kind, file }: Of<"out_of_order">, { folder }: Telling): Told {
  return {
    layer: "history",
    kind,
    severity: "warning",
    version: file.version,
    file: `${folder}/${file.fileName}`,
    message: `${file.fileName} was never applied, and newer versions were.`,
    fix: `apply_migration { version: "${file.version}" } applies it now.`,
  };
}

function describeMissingFile({ kind, entry }: Of<"missing_file">, { fence }: Telling): Told {
  const version = fence.wrapName(entry.version);
  const named = entry.name === undefined || entry.name === "" ? "" : ` (${fence.wrapName(entry.name)})`;
  return {
    layer: "history",
    kind,
    severity: "error",
    version,
    message: `The history records ${version}${named} as applied, and no file has it.`,
    ...(entry.statements === undefined
      ? { fix: "Its SQL is not recorded: restore the file from version control where you can." }
      : {}),
  };
}

function describeRenumbered({ kind, file, entry }: Of<"renumbered">, { folder, fence }: Telling): Told {
  const recorded = fence.wrapName(entry.version);
  return {
    layer: "history",
    kind,
    severity: "error",
    version: file.version,
    file: `${folder}/${file.fileName}`,
    same_as: recorded,
    message: `${file.fileName} holds the SQL that was applied as ${recorded}.`,
  };
}

function describeRenamed({ kind, file, entry }: Of<"renamed">, { folder, fence }: Telling): Told {
  const recorded = fence.wrapName(entry.name ?? "");
  return {
    layer: "history",
    kind,
    severity: "warning",
    version: file.version,
    file: `${folder}/${file.fileName}`,
    message: `${file.fileName} was applied under the name ${recorded}.`,
  };
}

function describeEdited({ kind, file, entry }: Of<"edited">, { folder, fence }: Telling): Told {
  const difference =
    file.content.kind === "sql" && entry.statements !== undefined
      ? firstDifference(file.content.sql, entry.statements)
      : undefined;
  return {
    layer: "content",
    kind,
    severity: "error",
    version: file.version,
    file: `${folder}/${file.fileName}`,
    message: `${file.fileName} no longer holds the SQL that was applied.`,
    ...(difference === undefined
      ? {}
      : {
          first_difference: {
            statement: difference.statement,
            line: difference.line,
            column: difference.column,
            file_sql: difference.fileSql,
            recorded_sql: fence.wrap(difference.recordedSql),
          },
        }),
  };
}

function describeDuplicate({ kind, file, holder }: Of<"duplicate_version">, { folder }: Telling): Told {
  return {
    layer: "history",
    kind,
    severity: "error",
    version: file.version,
    file: `${folder}/${file.fileName}`,
    message: `${file.fileName} has the same version as ${holder.fileName}; only one of them can be recorded.`,
  };
}

function describeIncomplete({ kind, file, run }: Of<"incomplete">, { folder, fence }: Telling): Told {
  const version = fence.wrapName(run.version ?? "");
  return {
    layer: "history",
    kind,
    severity: "error",
    version,
    ...(file === undefined ? {} : { file: `${folder}/${file.fileName}` }),
    message: `${version} was begun and not finished: ${run.statementResults.length} of its statements stay done.`,
    fix:
      file === undefined
        ? "Restore its file, then apply it again: it goes on where it stopped."
        : `apply_migration { version: "${version}" } goes on where it stopped.`,
  };
}
