import type { Fact, FactKey } from "../../model/catalog.ts";
import type { Disturbance } from "./rule.ts";
import { keptParents, sameIn } from "./rules/attachment.ts";
import { isComing, isGoing, isSet, listOf, type World } from "./world.ts";

/**
 * Whether an inherited column is also the table's own is so from the day it was made, and letting go makes it its own for good:
 * a table below others is made anew, with its rows, where the columns could not come out as the second catalog has them.
 */
export function replaceLocality(world: World): readonly Disturbance[] {
  const tables = new Set([...world.intents.keys()].map((key) => world.to.facts.get(key)?.parent ?? key));
  return [...tables].flatMap((key) => {
    if (!isStuck(key, world)) return [];
    const table = world.from.facts.get(key);
    if (table === undefined) return [];
    world.intents.set(key, "replace");
    return [{ cause: table, how: "replaced" }];
  });
}

function isStuck(key: FactKey, world: World): boolean {
  const [before, after] = [world.from.facts.get(key), world.to.facts.get(key)];
  if (before?.kind !== "table" || after?.kind !== "table" || isGoing(world, key)) return false;
  if (listOf(after, "inherits").length === 0) return false;
  const kept = keptParents(key, world);
  return [...world.to.children(key, "column"), ...world.to.children(key, "constraint")]
    .filter((part) => isSet(part, "inherited"))
    .some((part) => comesOutLocal({ part, kept, world }) !== isSet(part, "local"));
}

/** True where the table's own change would leave the column or check its own as well. */
function comesOutLocal(given: {
  readonly part: Fact;
  readonly kept: readonly FactKey[];
  readonly world: World;
}): boolean {
  const { part, kept, world } = given;
  const old = world.from.facts.get(part.key);
  const isHeld = (side: World["from"]): boolean =>
    kept.some((parent) => {
      const above = side.facts.get(parent);
      return above !== undefined && side.facts.has(sameIn(above, part));
    });
  if (old !== undefined && !isGoing(world, part.key))
    return !(isSet(old, "inherited") && !isSet(old, "local") && isHeld(world.from));
  // A new one comes from above where the one above is new as well.
  return !kept.some((parent) => {
    const above = world.to.facts.get(parent);
    const key = above === undefined ? undefined : sameIn(above, part);
    return key !== undefined && world.to.facts.has(key) && isComing(world, key);
  });
}
