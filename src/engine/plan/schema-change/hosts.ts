import type { Fact, FactKey } from "../../model/catalog.ts";
import { rules } from "./rules/index.ts";
import { isGoing, textOf, type World } from "./world.ts";

/** The object whose making makes this one too. */
export function makeHost(fact: Fact, world: World): FactKey | undefined {
  return rules[fact.kind]?.madeWith?.(fact, world);
}

/** The object with which this one goes: its parent as a rule. */
export function dropHost(fact: Fact, world: World): FactKey | undefined {
  const goesWithParent = fact.parent !== undefined && isGoing(world, fact.parent);
  if (goesWithParent && !holdsTogether(fact, world)) return fact.parent;
  return rules[fact.kind]?.droppedWith?.(fact, world);
}

/** A foreign key between two tables that both go must go first, for each table may hold the other. */
function holdsTogether(fact: Fact, world: World): boolean {
  if (fact.kind !== "constraint" || textOf(fact, "type") !== "foreign key") return false;
  return fact.dependsOn.some((key) => {
    const needed = world.from.facts.get(key);
    const table = needed?.kind === "table" ? key : needed?.parent;
    return table !== undefined && table !== fact.parent && isGoing(world, table);
  });
}
