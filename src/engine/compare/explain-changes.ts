import type { Change, FactKey } from "../model/catalog.ts";
import { changeId } from "./change-id.ts";

/** What differs from the live schema once a file that is not applied yet has run too, on top of those before it. */
export interface PendingStage {
  readonly file: string;
  readonly changes: readonly Change[];
}

/** Which of the changes files explain that are not applied yet: by the id of the change, the file from which on it is gone for good. */
export function explainChanges(
  changes: readonly Change[],
  stages: readonly PendingStage[],
): ReadonlyMap<string, string> {
  const explained = new Map<string, string>();
  const remains = stages.map((stage) => indexChanges(stage.changes));
  for (const change of changes) {
    const last = remains.findLastIndex((left) => isLeft(change, left));
    const file = stages[last + 1]?.file;
    if (file !== undefined) explained.set(changeId(change), file);
  }
  return explained;
}

interface Left {
  readonly ids: ReadonlySet<string>;
  readonly keys: ReadonlySet<FactKey>;
}

function indexChanges(changes: readonly Change[]): Left {
  return { ids: new Set(changes.map(changeId)), keys: new Set(changes.map(({ key }) => key)) };
}

/** A missing object is not explained by a file that makes it otherwise. */
function isLeft(change: Change, { ids, keys }: Left): boolean {
  return change.kind === "altered" ? ids.has(changeId(change)) || isGone(change, ids) : keys.has(change.key);
}

/** Once the object as a whole is missing, its attribute does not agree. */
function isGone({ key }: Change, ids: ReadonlySet<string>): boolean {
  return ids.has(key);
}
