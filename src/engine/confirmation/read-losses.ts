import type { Loss } from "../model/loss.ts";
import type { Database } from "../ports.ts";
import type { LocatedAct } from "./follow-names.ts";
import { readLossesOf } from "./read-losses-of.ts";
import { withReader } from "./with-reader.ts";

/**
 * What acts would really take away: objects that exist, with the rows that they hold. Empty tables and columns without
 * a value are no loss. Read in one read-only transaction; takes no lock that a reader would not take.
 */
export async function readLosses(
  database: Database,
  acts: readonly LocatedAct[],
  nowMs: () => number,
): Promise<readonly Loss[]> {
  if (acts.length === 0) return [];
  return withReader(database, nowMs, async (reader) => {
    const losses: Loss[] = [];
    for (const located of acts) {
      const path = located.searchPath?.map((schema) => `"${schema.replaceAll('"', '""')}"`).join(", ");
      losses.push(...(await readLossesOf(await reader.along(path), located)));
    }
    return withoutRepeats(losses);
  });
}

function withoutRepeats(losses: readonly Loss[]): readonly Loss[] {
  const byKey = new Map<string, Loss>();
  for (const loss of losses) {
    const key = JSON.stringify([loss.kind, loss.name, loss.change]);
    if (!byKey.has(key)) byKey.set(key, loss);
  }
  return [...byKey.values()];
}
