import { createHash } from "node:crypto";
import type { History } from "../model/history.ts";
import type { PlannedMigration, PlanParts } from "../model/plan.ts";

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

/** SHA-256, hex, over migrations as they would be applied; of SQL without a file the version is settled only when it is written. */
export function digestMigrations(
  migrations: readonly PlannedMigration[],
  version: "settled" | "open",
): string {
  return digest(
    migrations.map((migration) => [
      version === "open" ? "" : migration.version,
      migration.name,
      migration.checksum,
      migration.stepsDone,
    ]),
  );
}

/** The parts by which a stale plan can tell what has changed, in the order of their tags in an id. */
const tagged = ["target", "history", "files", "schema"] as const satisfies readonly (keyof PlanParts)[];

export type ChangedPart = (typeof tagged)[number];

const wholeDigits = 32;
const tagDigits = 8;

/**
 * What a plan is named by, 64 hexadecimal digits: 32 of a digest over purpose and all parts, then 8 for each part, so that
 * any server can tell from an old id alone what has changed since. The same parts give the same id on every machine.
 */
export function planIdOf(purpose: string, parts: PlanParts): string {
  const all = digest([purpose, 2, ...tagged.map((part) => parts[part])]);
  return all.slice(0, wholeDigits) + tagged.map((part) => tagOf(parts[part])).join("");
}

/** The parts that are not what they were when `given` was made; none where it is no plan id, or that of another purpose. */
export function changedParts(given: string, parts: PlanParts): readonly ChangedPart[] {
  if (!/^[0-9a-f]{64}$/.test(given)) return [];
  return tagged.filter((part, index) => {
    const start = wholeDigits + index * tagDigits;
    return given.slice(start, start + tagDigits) !== tagOf(parts[part]);
  });
}

function tagOf(part: string): string {
  return digest(part).slice(0, tagDigits);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

function byVersion(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}
