import { changeId, factOf } from "../compare/change-id.ts";
import type { Change, FactKey } from "../model/catalog.ts";
import type { ClosedGap } from "./close-gap.ts";

/** Why a script is not known to close one difference; undefined where it did so on the copy. */
export type JudgeItem = (change: Change) => string | undefined;

/** How each difference fared in one direction. */
export function judgeItems(gap: ClosedGap): JudgeItem {
  const left = new Set(gap.left.map(changeId));
  const leftKeys = new Set(gap.left.map(({ key }) => key));
  const refused = new Map(
    gap.refusals.flatMap(({ changes, reason }) =>
      changes.map((change) => [changeId(change), reason] as const),
    ),
  );
  const failed = indexFailures(gap);
  const waiting = new Set(gap.waiting.map(changeId));
  const [first] = gap.failures;
  return (change) => {
    if (gap.copyLost !== undefined) return `The copy was lost: ${gap.copyLost}`;
    if (waiting.has(changeId(change))) return "It waits until renames says what was renamed.";
    const { key, parent, id } = factOf(change);
    const refusal = refused.get(changeId(change));
    if (refusal !== undefined) return refusal;
    const failure =
      failed.get(changeId(change)) ??
      [key, parent, id.on].map((name) => failed.get(name ?? "")).find(Boolean);
    if (failure !== undefined) return `Its statement fails on the copy: ${failure}`;
    const isLeft = change.kind === "altered" ? left.has(changeId(change)) : leftKeys.has(key);
    if (!isLeft && !left.has(key)) return undefined;
    return first === undefined
      ? "It still differs on the copy after the script."
      : `It still differs on the copy, where another statement fails: ${first.cause}`;
  };
}

/** Causes by the ids of changes that a failed statement was to close, and by its object. */
function indexFailures({ failures }: ClosedGap): ReadonlyMap<string | FactKey, string> {
  const causes = new Map<string, string>();
  for (const { statement, cause } of failures) {
    if (statement.subject !== undefined) causes.set(statement.subject, cause);
    for (const change of statement.closes) causes.set(changeId(change), cause);
  }
  return causes;
}
