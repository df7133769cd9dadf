import { factKey, type Fact, type FactKey } from "../../../model/catalog.ts";
import { isComing, isGoing, isSet, keyOf, listOf, textOf, type Side, type World } from "../world.ts";

/** The tables that a table inherits from, as partition or by `inherits`, in order. */
export function parentTables(table: Fact | undefined): readonly FactKey[] {
  const partitionOf = keyOf(table, "partitionOf");
  return partitionOf === undefined ? (listOf(table, "inherits") as readonly FactKey[]) : [partitionOf];
}

/** The tables that a table inherits from before and after, so that it need not let go of them: the first ones of the second catalog. */
export function keptParents(table: FactKey, world: World): readonly FactKey[] {
  const before = [...parentTables(world.from.facts.get(table))];
  const kept: FactKey[] = [];
  for (const parent of parentTables(world.to.facts.get(table))) {
    const index = before.indexOf(parent);
    if (index === -1 || isGoing(world, parent)) break;
    before.splice(0, index + 1);
    kept.push(parent);
  }
  return kept;
}

/** The composite type that a typed table takes its columns from. */
export function compositeOf(table: Fact | undefined, side: Side): FactKey | undefined {
  if (textOf(table, "ofType") === undefined) return undefined;
  return table?.dependsOn.find((key) => side.facts.get(key)?.kind === "composite_type");
}

/** True where the table stays, below the same tables, so that what is done to them reaches it. */
export function staysAttached(table: FactKey, world: World): boolean {
  if (isGoing(world, table) || isComing(world, table)) return false;
  const before = sourcesOf(table, world.from);
  const after = sourcesOf(table, world.to);
  const intent = world.intents.get(table);
  return (
    intent !== "reattach" &&
    before.length > 0 &&
    before.join() === after.join() &&
    world.from.facts.get(table)?.attributes["partitionBound"] ===
      world.to.facts.get(table)?.attributes["partitionBound"]
  );
}

function sourcesOf(table: FactKey, side: Side): readonly FactKey[] {
  const fact = side.facts.get(table);
  const type = compositeOf(fact, side);
  return type === undefined ? parentTables(fact) : [type];
}

/** True where the table stays below this other one, whatever becomes of its other parents. */
export function staysBelow(table: FactKey, above: FactKey | undefined, world: World): boolean {
  if (above === undefined || isGoing(world, table) || isComing(world, table)) return false;
  if (listOf(world.to.facts.get(table), "inherits").length === 0) return staysAttached(table, world);
  return keptParents(table, world).includes(above);
}

/** The columns or constraints of the same name in the tables below that stay attached, as the second catalog has them. */
export function inheritedBy(fact: Fact, world: World): readonly Fact[] {
  if (fact.parent === undefined) return [];
  const table = fact.parent;
  return world.to
    .dependents(table)
    .filter((below) => parentTables(below).includes(table) && staysBelow(below.key, table, world))
    .flatMap((below) => world.to.facts.get(sameIn(below, fact)) ?? []);
}

/** The column or constraint of the same name in the tables above, where this one is inherited. */
export function inheritedFrom(fact: Fact, side: Side): readonly Fact[] {
  if (fact.parent === undefined) return [];
  const table = side.facts.get(fact.parent);
  const type = compositeOf(table, side);
  if (!isSet(fact, "inherited") && type === undefined) return [];
  const tables = type === undefined ? parentTables(table) : [type];
  return tables.flatMap((table) => {
    const above = side.facts.get(table);
    if (above === undefined) return [];
    return side.facts.get(sameIn(above, fact)) ?? [];
  });
}

/** The key of the column or constraint of this name in another table. */
export function sameIn(table: Fact, part: Fact): FactKey {
  const { schema, name } = table.id;
  return factKey({
    kind: part.kind,
    ...(schema === undefined ? {} : { schema }),
    within: name,
    name: part.id.name,
  });
}
