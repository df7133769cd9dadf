import { factKey, type Fact } from "../../model/catalog.ts";
import { isComing, isGoing, type World } from "./world.ts";

/** True for a type whose columns are converted to its successor, so that it stays until they are. */
export function isParked(fact: Fact, world: World): boolean {
  if (world.retyped.size === 0 || !isType(fact)) return false;
  if (!isGoing(world, fact.key) || !hasSuccessor(fact, world)) return false;
  return world.from.dependents(fact.key).some((dependent) => world.retyped.has(dependent.key));
}

/** A parked type's attributes and checks go with it, after its successor is made. */
export function isPartOfParked(fact: Fact | undefined, world: World): boolean {
  const parent = fact?.parent === undefined ? undefined : world.from.facts.get(fact.parent);
  return parent !== undefined && isParked(parent, world);
}

/** The same type made anew, or one of another kind under its name. */
function hasSuccessor(fact: Fact, world: World): boolean {
  if (isComing(world, fact.key)) return true;
  return typeKinds.some((kind) => isComing(world, factKey({ ...fact.id, kind })));
}

function isType({ kind }: Fact): boolean {
  return kind === "collation" || typeKinds.some((type) => type === kind);
}

const typeKinds = ["base_type", "composite_type", "domain", "enum", "range"] as const;
