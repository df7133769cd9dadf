import type { Fact } from "../../model/catalog.ts";
import { isComing, isGoing, textOf, type World } from "./world.ts";
import type { Edge } from "./order-steps.ts";
import type { Nodes } from "./write-nodes.ts";

/**
 * A routine that goes is gone before anything that calls another of its name is made: where one of both has arguments that may be
 * left out, the server would not know which is meant (PostgreSQL documentation, "Function Type Resolution").
 */
export function linkOverloads(world: World, nodes: Nodes): readonly Edge[] {
  const going = [...world.intents.keys()].flatMap((key) => {
    const fact = isGoing(world, key) && !isComing(world, key) ? world.from.facts.get(key) : undefined;
    return fact !== undefined && isRoutine(fact) ? [fact] : [];
  });
  if (going.length === 0) return [];
  const left = [...world.to.facts.values()].filter(isRoutine);
  return going.flatMap((fact) => {
    const before = nodes.dropOf(fact.key);
    if (before === undefined) return [];
    return left
      .filter((other) => nameOf(other) === nameOf(fact) && mayStandFor(fact, other))
      .flatMap((other) => world.to.dependents(other.key))
      .map((user) => nodes.makeOf(user.key))
      .filter((after) => after !== undefined)
      .map((after): Edge => ({ before, after, strength: "certain" }));
  });
}

function isRoutine({ kind }: Fact): boolean {
  return kind === "function" || kind === "procedure";
}

function nameOf({ id }: Fact): string {
  return JSON.stringify([id.schema, id.name]);
}

function mayStandFor(one: Fact, other: Fact): boolean {
  return [one, other].some((fact) => / DEFAULT |VARIADIC /.test(textOf(fact, "arguments") ?? ""));
}
