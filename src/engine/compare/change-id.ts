import type { Change, Fact } from "../model/catalog.ts";

/** Names what differs, whichever of the two catalogs comes first. */
export function changeId(change: Change): string {
  return change.kind === "altered" ? `${change.key} ${change.attribute}` : change.key;
}

/** The fact that a change is about; of an altered one the second. */
export function factOf(change: Change): Fact {
  return change.kind === "altered" ? change.to : change.fact;
}
