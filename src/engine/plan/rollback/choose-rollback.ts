import { EngineError } from "../../errors.ts";
import type { History, HistoryEntry } from "../../model/history.ts";
import type { RollbackMigrationRequest } from "../../requests.ts";

/** The entries to undo, newest first, and those applied after one of them that stay. */
export interface ChosenRollback {
  readonly chosen: readonly HistoryEntry[];
  readonly later: readonly HistoryEntry[];
}

/**
 * The newest applied migrations, or the one asked for. What we ran is ordered by when it ran; what others recorded stands where its
 * version does. Throws `arguments_conflict`, `version_not_found`. Pure.
 */
export function chooseRollback(
  { entries }: History,
  { count, version }: Pick<RollbackMigrationRequest, "count" | "version">,
): ChosenRollback {
  if (count !== undefined && version !== undefined)
    throw new EngineError("arguments_conflict", "Both count and version were given.");
  const newestFirst = inOrder(entries).toReversed();
  if (version === undefined) return { chosen: newestFirst.slice(0, count ?? 1), later: [] };
  const index = newestFirst.findIndex((entry) => entry.version === version);
  const chosen = newestFirst[index];
  if (chosen === undefined) {
    throw new EngineError("version_not_found", `${JSON.stringify(version)} is no applied version.`);
  }
  return { chosen: [chosen], later: newestFirst.slice(0, index) };
}

function inOrder(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const ours = entries
    .filter(({ run }) => run !== undefined)
    .toSorted((a, b) => (a.run?.id ?? 0) - (b.run?.id ?? 0));
  const others = entries
    .filter(({ run }) => run === undefined)
    .toSorted((a, b) => (a.version < b.version ? -1 : 1));
  const ordered: HistoryEntry[] = [];
  for (const entry of ours) {
    while (others[0] !== undefined && others[0].version < entry.version) ordered.push(...others.splice(0, 1));
    ordered.push(entry);
  }
  return [...ordered, ...others];
}
