import { createHash } from "node:crypto";
import type { HistoryChangePlan } from "../model/history-change.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { PlanParts } from "../model/plan.ts";
import { planIdOf } from "./plan-id.ts";

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
  return planIdOf(`${plan.purpose} ${digest([plan.files, plan.rows])}`, partsOfChange(plan));
}

/** What such a plan was made for; where one of them is another by now, a stale id tells which. */
export function partsOfChange(
  plan: Pick<HistoryChangePlan, "target" | "expectsHistory" | "expectsFiles" | "expectsSchema">,
): PlanParts {
  const { target, expectsHistory: history, expectsFiles: files, expectsSchema: schema = "" } = plan;
  return { target, history, files, schema };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
