import { factKey, type Fact, type FactKey } from "../../../model/catalog.ts";
import { isComing, isGoing, isSet, keyOf, listOf, type Side, type World } from "../world.ts";

/** The tables that a table inherits from, as partition or by `inherits`, in order. */
export function parentTables(table: Fact | undefined): readonly FactKey[] {
  const partitionOf = keyOf(table, "partitionOf");
  return partitionOf === undefined ? (listOf(table, "inherits") as readonly FactKey[]) : [partitionOf];
}

/** True where the table stays, below the same tables, so that what is done to them reaches it. */
export function staysAttached(table: FactKey, world: World): boolean {
  if (isGoing(world, table) || isComing(world, table)) return false;
  const before = parentTables(world.from.facts.get(table));
  const after = parentTables(world.to.facts.get(table));
  const intent = world.intents.get(table);
  return (
    intent !== "reattach" &&
    before.length > 0 &&
    before.join() === after.join() &&
    world.from.facts.get(table)?.attributes["partitionBound"] ===
      world.to.facts.get(table)?.attributes["partitionBound"]
  );
}

/** The columns or constraints of the same name in the tables below that stay attached, as the second catalog has them. */
export function inheritedBy(fact: Fact, world: World): readonly Fact[] {
  if (fact.parent === undefined) return [];
  const table = fact.parent;
  return world.to
    .dependents(table)
    .filter((below) => parentTables(below).includes(table) && staysAttached(below.key, world))
    .flatMap((below) => world.to.facts.get(sameIn(below, fact)) ?? []);
}

/** The column or constraint of the same name in the tables above, where this one is inherited. */
export function inheritedFrom(fact: Fact, side: Side): readonly Fact[] {
  if (!isSet(fact, "inherited") || fact.parent === undefined) return [];
  const tables = parentTables(side.facts.get(fact.parent));
  return tables.flatMap((table) => {
    const above = side.facts.get(table);
    if (above === undefined) return [];
    return side.facts.get(sameIn(above, fact)) ?? [];
  });
}

function sameIn(table: Fact, part: Fact): FactKey {
  const { schema, name } = table.id;
  return factKey({
    kind: part.kind,
    ...(schema === undefined ? {} : { schema }),
    within: name,
    name: part.id.name,
  });
}
