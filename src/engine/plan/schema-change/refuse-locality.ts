import type { Change } from "../../model/catalog.ts";
import type { Alteration } from "./rule.ts";
import type { Refusal } from "./schema-change.ts";
import { isComing, isGoing, isSet, keyOf, textOf, type World } from "./world.ts";

/** What no statement brings about with the data kept: an inherited column is the table's own, or is not, from the day it was made. */
export function refuseLocality(
  world: World,
  alterations: Iterable<Alteration>,
  changes: readonly Change[],
): readonly Refusal[] {
  return [...alterations].flatMap((alteration) => {
    if (!isStuck(alteration, world)) return [];
    const { key } = alteration.to;
    const own = changes.filter(
      (change) => change.key === key && change.kind === "altered" && isLocality(change.attribute),
    );
    const reason =
      "Whether an inherited column is also the table's own can change only by making it anew, without its data.";
    return [{ key, changes: own, reason }];
  });
}

function isStuck({ from, to }: Alteration, world: World): boolean {
  if (to.kind !== "column" || to.parent === undefined || !isSet(to, "inherited")) return false;
  if (isGoing(world, to.key) || isGoing(world, to.parent) || isComing(world, to.parent)) return false;
  const table = world.to.facts.get(to.parent);
  if (keyOf(table, "partitionOf") !== undefined || textOf(table, "ofType") !== undefined) return false;
  const wasOwn = !isSet(from, "inherited") || isSet(from, "local");
  return wasOwn !== isSet(to, "local");
}

function isLocality(attribute: string): boolean {
  return attribute === "inherited" || attribute === "local";
}
