import { createHash } from "node:crypto";
import type { HistoryChangePlan } from "../model/history-change.ts";
import type { MigrationFile } from "../model/migration.ts";

/** SHA-256, hex, over the names and texts of all migration files; the order does not count. */
export function digestFiles(files: readonly MigrationFile[]): string {
  const facts = files.map(({ fileName, content }) => [
    fileName,
    content.kind === "sql" ? content.checksum : content.reason,
  ]);
  return digest(facts.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)));
}

/** What a change of files and history is named by: the same state and the same steps give the same id on every machine. */
export function historyChangeId(plan: Omit<HistoryChangePlan, "id" | "formatVersion" | "summary">): string {
  const { purpose, target, expectsHistory, expectsFiles, files, rows } = plan;
  return digest([purpose, 1, target, expectsHistory, expectsFiles, files, rows]);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
