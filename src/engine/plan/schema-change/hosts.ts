import type { Fact, FactKey } from "../../model/catalog.ts";
import { rules } from "./rules/index.ts";
import { isGoing, textOf, type World } from "./world.ts";

/** The object whose making makes this one too. */
export function makeHost(fact: Fact, world: World): FactKey | undefined {
  return rules[fact.kind]?.madeWith?.(fact, world);
}

/** The object with which this one goes: its parent as a rule. */
export function dropHost(fact: Fact, world: World): FactKey | undefined {
  const host = rules[fact.kind]?.droppedWith?.(fact, world);
  if (host !== undefined) return host;
  if (fact.parent === undefined || !isGoing(world, fact.parent)) return undefined;
  return holdsTogether(fact, world) ? undefined : fact.parent;
}

/** A foreign key between two tables that both go must go first, for each table may hold the other. */
function holdsTogether(fact: Fact, world: World): boolean {
  if (fact.kind !== "constraint" || textOf(fact, "type") !== "foreign key") return false;
  return fact.dependsOn.some((key) => {
    const table = world.from.facts.get(key);
    return table?.kind === "table" && key !== fact.parent && isGoing(world, key);
  });
}
