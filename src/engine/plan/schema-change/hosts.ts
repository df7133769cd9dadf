import type { Fact, FactKey } from "../../model/catalog.ts";
import { isPartOfParked } from "./parked.ts";
import { rules } from "./rules/index.ts";
import { isGoing, textOf, type World } from "./world.ts";

/** The object whose making makes this one too. */
export function makeHost(fact: Fact, world: World): FactKey | undefined {
  return rules[fact.kind]?.madeWith?.(fact, world);
}

/** The object with which this one goes: its parent as a rule. */
export function dropHost(fact: Fact, world: World): FactKey | undefined {
  const goesWithParent = fact.parent !== undefined && isGoing(world, fact.parent);
  // A server is not dropped while someone is mapped to it.
  if (goesWithParent && fact.kind !== "user_mapping" && !holdsTogether(fact, world)) return fact.parent;
  const host = rules[fact.kind]?.droppedWith?.(fact, world);
  const above = host === undefined ? undefined : world.from.facts.get(host);
  // What the one above leaves to its table, this one leaves to its own.
  const isLeft = above?.kind === "constraint" && dropHost(above, world) === above.parent;
  return goesWithParent && isLeft ? fact.parent : host;
}

/** A part that another going object stands between: the other table of a foreign key, or a routine that takes the table's rows. */
function holdsTogether(fact: Fact, world: World): boolean {
  const isForeignKey = textOf(fact, "type") === "foreign key";
  return fact.dependsOn.some((key) => {
    const needed = world.from.facts.get(key);
    if (needed === undefined || !isGoing(world, tableOf(needed))) return false;
    // The check of a domain that stays aside for long is not to keep its function for as long.
    if (needed.kind === "function" && fact.kind === "constraint" && isPartOfParked(fact, world)) return true;
    if (isForeignKey) return tableOf(needed) !== fact.parent;
    return needed.kind === "function" && needed.dependsOn.some((other) => belongsTo(other, fact, world));
  });
}

function belongsTo(key: FactKey, part: Fact, world: World): boolean {
  const table =
    part.parent?.startsWith("column ") === true ? world.from.facts.get(part.parent)?.parent : part.parent;
  return key === table || world.from.facts.get(key)?.parent === table;
}

function tableOf(fact: Fact): FactKey {
  return fact.kind === "column" || fact.kind === "constraint" || fact.kind === "index"
    ? (fact.parent ?? fact.key)
    : fact.key;
}
