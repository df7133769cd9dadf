import type { Fact, FactKey } from "../../../model/catalog.ts";
import { nameOf } from "../names.ts";
import type { Draft } from "../rule.ts";
import { isComing, isGoing, isSet, keyOf, textOf, type Side, type World } from "../world.ts";
import { staysAttached } from "./attachment.ts";

/**
 * An index or key of a partitioned table that already has partitions is made for the table ONLY, and then takes up the
 * partitions' indexes one by one, so that the server neither makes some of its own nor picks others.
 */
export function takesUpParts(fact: Fact, world: World): boolean {
  return (
    fact.parent !== undefined && partitionsOf(fact.parent, world).some((key) => staysAttached(key, world))
  );
}

/** Attaches the indexes of partitions that are below the table already; the others come with their tables. */
export function takeUpParts(fact: Fact, world: World): readonly Draft[] {
  if (fact.parent === undefined) return [];
  return partitionsOf(fact.parent, world)
    .filter((key) => staysAttached(key, world))
    .flatMap((key) => world.to.children(key))
    .filter((part) => keyOf(part, "attachedTo") === fact.key)
    .map((part) => attach(fact, part));
}

/** For a part just made below an index or key that stays. */
export function joinAbove(part: Fact, world: World): readonly Draft[] {
  const above = keyOf(part, "attachedTo");
  const parent = above === undefined ? undefined : world.to.facts.get(above);
  if (parent === undefined || isComing(world, parent.key)) return [];
  return part.parent !== undefined && staysAttached(part.parent, world) ? [attach(parent, part)] : [];
}

/** The index or key above with which this one goes, for no index can be detached from it. */
export function goesWithAbove(part: Fact, world: World): FactKey | undefined {
  const above = keyOf(part, "attachedTo");
  if (above === undefined || part.parent === undefined || !isGoing(world, above)) return undefined;
  return staysAttached(part.parent, world) ? above : undefined;
}

/** An index like one beside it that is attached: the server would take up either when the table is attached. */
export function isTwin(index: Fact, side: Side): boolean {
  if (index.kind !== "index" || index.parent === undefined || isAttached(index)) return false;
  return side
    .children(index.parent, "index")
    .some(
      (other) =>
        isAttached(other) &&
        textOf(other, "definition") === textOf(index, "definition") &&
        isSet(other, "unique") === isSet(index, "unique"),
    );
}

function isAttached(index: Fact): boolean {
  return keyOf(index, "attachedTo") !== undefined;
}

function attach(above: Fact, part: Fact): Draft {
  return { sql: `alter index ${nameOf(above.id)} attach partition ${nameOf(part.id)}` };
}

function partitionsOf(table: FactKey, world: World): readonly FactKey[] {
  return world.to
    .dependents(table)
    .filter((fact) => keyOf(fact, "partitionOf") === table)
    .map((fact) => fact.key);
}
