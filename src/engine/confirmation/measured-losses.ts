import { createHash } from "node:crypto";
import type { MeasuredChange } from "../model/effects.ts";
import type { Loss } from "../model/loss.ts";
import { lossesOfRows } from "./many-rows.ts";

/**
 * What was measured and nobody has confirmed: more rows deleted and updated, all tables together, than go unasked, and every table
 * that held something and was dropped or emptied unseen (docs/decisions/0040-measured-effects.md).
 */
export function unconfirmedLosses(
  changes: readonly MeasuredChange[],
  confirmed: readonly Loss[],
): readonly Loss[] {
  const isOpen = (wanted: Covered) => wanted.rows > 0 && !confirmed.some((loss) => covers(loss, wanted));
  const rows = changes.map(({ table, deleted, updated }) => ({
    table,
    deleted: isOpen({ table, change: "deleted", rows: deleted }) ? deleted : 0,
    updated: isOpen({ table, change: "overwritten", rows: updated }) ? updated : 0,
  }));
  const tables = changes.flatMap(({ table, gone }): readonly Loss[] => {
    if (gone === undefined || confirmed.some((loss) => takesAll(loss, table))) return [];
    const { change, estimatedRows } = gone;
    const count =
      estimatedRows > 0
        ? { rows: { count: Math.round(estimatedRows), certainty: "estimated" as const } }
        : {};
    return [{ kind: "table", name: table, change, ...count, cannotComeBack: "its rows" }];
  });
  return [...tables, ...lossesOfRows(rows)];
}

interface Covered {
  readonly table: string;
  readonly change: "deleted" | "overwritten";
  readonly rows: number;
}

/** Rows come and go while a person reads: twice as many, or a thousand more, are still what was confirmed. */
function covers(loss: Loss, { table, change, rows }: Covered): boolean {
  if (takesAll(loss, table)) return true;
  if (loss.kind !== "table" || loss.name !== table) return false;
  if (loss.change !== change && loss.change !== "deleted") return false;
  if (loss.rows === undefined || loss.rows.certainty !== "counted") return true;
  return rows <= Math.max(2 * loss.rows.count, loss.rows.count + 1000);
}

/** True where all rows of the table are known to go, whatever else happens to them. */
function takesAll(loss: Loss, table: string): boolean {
  if (loss.change !== "dropped" && loss.change !== "emptied") return false;
  return loss.kind === "objects taken by" || (loss.kind === "table" && loss.name === table);
}

const effectDigits = 8;

/** A plan's id, bound to what was measured in one of its migrations: table by table, and the order of magnitude of the rows. */
export function withEffects(planId: string, losses: readonly Loss[]): string {
  const facts = losses.map(({ name, change, file, rows }) => [name, change, file, magnitude(rows?.count)]);
  const digest = createHash("sha256")
    .update(JSON.stringify(facts.toSorted(byText)))
    .digest("hex");
  return `${planId}-${digest.slice(0, effectDigits)}`;
}

/** The plan's id in an id that may be bound to effects. */
export function planIdIn(given: string): string {
  return /^[0-9a-f]{64}-[0-9a-f]{8}$/.test(given) ? given.slice(0, 64) : given;
}

function magnitude(count: number | undefined): number {
  return count === undefined ? -1 : String(count).length;
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
