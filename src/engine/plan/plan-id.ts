import { createHash } from "node:crypto";
import type { History } from "../model/history.ts";
import type { PlannedMigration } from "../model/plan.ts";

/** SHA-256, hex, over what the history records: versions, names and SQL, in order. */
export function digestHistory(history: History): string {
  const entries = history.entries.map((entry) => [
    entry.version,
    entry.name ?? null,
    entry.statements ?? null,
  ]);
  const unfinished = history.unfinished.map((run) => [run.version, run.statementResults.length]);
  return digest([entries.toSorted(byVersion), unfinished.toSorted(byVersion)]);
}

/** What a plan is named by: the same files, SQL, history and target give the same id on every machine. */
export function planIdOf(plan: {
  readonly target: string;
  readonly expectsHistory: string;
  readonly migrations: readonly PlannedMigration[];
  /** True for SQL that has no file yet, whose version is settled only when it is written. */
  readonly isVersionOpen: boolean;
}): string {
  const migrations = plan.migrations.map((migration) => [
    plan.isVersionOpen ? "" : migration.version,
    migration.name,
    migration.checksum,
    migration.stepsDone,
  ]);
  return digest(["apply", 1, plan.target, plan.expectsHistory, migrations]);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

function byVersion(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}
