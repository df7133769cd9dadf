import type { Fact } from "../../model/catalog.ts";
import { replaceLocality } from "./replace-locality.ts";
import type { Disturbance } from "./rule.ts";
import { isTwin } from "./rules/attached-index.ts";
import { staysAttached } from "./rules/attachment.ts";
import { isGoing, isSet, keyOf, textOf, type World } from "./world.ts";

/** What has to be made anew because of what was decided for its parts or beside it, once changes are decided; writes `world.intents`. */
export function replaceAtOnce(world: World): readonly Disturbance[] {
  return [
    ...replaceAbove(world),
    ...replaceTypes(world),
    ...replaceNested(world),
    ...replaceLocality(world),
    ...replaceTwins(world),
  ];
}

/** The same after each round in which dependants reacted. */
export function replaceMeanwhile(world: World): readonly Disturbance[] {
  return [
    ...replaceTypes(world),
    ...replaceNested(world),
    ...replaceKeyed(world),
    ...replaceLacking(world),
    ...replaceTwins(world),
    ...replaceLocality(world),
  ];
}

/** No index can be detached from the one above it: where one has to leave, the one above is made anew. */
function replaceAbove(world: World): readonly Disturbance[] {
  const leaving = [...world.intents.keys()].flatMap((key) => {
    const before = world.from.facts.get(key);
    const above = keyOf(before, "attachedTo");
    if (before?.parent === undefined || above === undefined || !staysAttached(before.parent, world))
      return [];
    const stays = !isGoing(world, key) && keyOf(world.to.facts.get(key), "attachedTo") === above;
    const index = world.from.facts.get(above);
    if (stays || index === undefined || !world.to.facts.has(above) || isGoing(world, above)) return [];
    return textOf(before, "type") === "foreign key" || before.kind === "trigger" ? [] : [index];
  });
  return [...new Set(leaving)].map((index) => {
    world.intents.set(index.key, "replace");
    return { cause: index, how: "replaced" };
  });
}

/** An attribute cannot be made anew in its place: its type is made anew as a whole. */
function replaceTypes(world: World): readonly Disturbance[] {
  const types = [...world.intents].flatMap(([key, intent]) => {
    const parent = intent === "replace" ? world.from.facts.get(key)?.parent : undefined;
    const type = parent === undefined ? undefined : world.from.facts.get(parent);
    return type?.kind === "composite_type" && !isGoing(world, type.key) ? [type] : [];
  });
  return [...new Set(types)].map((type) => {
    world.intents.set(type.key, "replace");
    return { cause: type, how: "replaced" };
  });
}

/** A domain gets no check while columns hold it in arrays or rows: it is made anew. */
function replaceNested(world: World): readonly Disturbance[] {
  return [...world.intents].flatMap(([key, intent]) => {
    const parent = world.to.facts.get(key)?.parent;
    const domain = parent === undefined ? undefined : world.from.facts.get(parent);
    if (domain?.kind !== "domain" || isGoing(world, domain.key) || !key.startsWith("constraint ")) return [];
    if (intent !== "create" && intent !== "replace") return [];
    const isNested = world.from
      .dependents(domain.key)
      .some((user) => user.kind === "column" && isNestedIn(user) && !isGoing(world, user.key));
    if (!isNested) return [];
    world.intents.set(domain.key, "replace");
    return [{ cause: domain, how: "replaced" }];
  });
}

function isNestedIn(column: Fact): boolean {
  return (
    column.parent?.startsWith("composite_type ") === true || textOf(column, "type")?.endsWith("[]") === true
  );
}

/** The type of a column in a partition key cannot change: the table is made anew, with its rows. */
function replaceKeyed(world: World): readonly Disturbance[] {
  return [...world.intents].flatMap(([key, intent]) => {
    const column = world.from.facts.get(key);
    const table = column?.parent === undefined ? undefined : world.from.facts.get(column.parent);
    const partitionKey = textOf(table, "partitionKey");
    if (intent !== "alter" || column?.kind !== "column" || table === undefined || partitionKey === undefined)
      return [];
    const isRetyped =
      world.retyped.has(key) || textOf(column, "type") !== textOf(world.to.facts.get(key), "type");
    if (!isRetyped || isGoing(world, table.key) || !partitionKey.includes(column.id.name)) return [];
    world.intents.set(table.key, "replace");
    return [{ cause: table, how: "replaced" }];
  });
}

/** An index that lacks parts gets them when partitions are attached: it is made anew, behind them. */
function replaceLacking(world: World): readonly Disturbance[] {
  return [...world.from.facts.values()].flatMap((index) => {
    if (index.kind !== "index" || isGoing(world, index.key)) return [];
    if (!isSet(world.to.facts.get(index.key), "invalid") || !getsParts(index, world)) return [];
    world.intents.set(index.key, "replace");
    return [{ cause: index, how: "replaced" }];
  });
}

/** An index that would be taken up instead of the one like it comes once its table is attached. */
function replaceTwins(world: World): readonly Disturbance[] {
  const attached = [...world.intents.keys()].filter(
    (key) => keyOf(world.to.facts.get(key), "partitionOf") !== undefined && !staysAttached(key, world),
  );
  return attached
    .flatMap((key) => world.to.children(key, "index"))
    .filter(({ key }) => world.from.facts.has(key) && !isGoing(world, key))
    .filter((index) => isTwin(index, world.to))
    .map((index) => {
      world.intents.set(index.key, "replace");
      return { cause: world.from.facts.get(index.key) ?? index, how: "replaced" };
    });
}

function getsParts(index: Fact, world: World): boolean {
  const partitions = world.to
    .dependents(index.parent ?? index.key)
    .filter((table) => keyOf(table, "partitionOf") === index.parent && world.intents.has(table.key));
  return partitions.some(
    ({ key }) =>
      !staysAttached(key, world) &&
      !world.to.children(key).some((part) => keyOf(part, "attachedTo") === index.key),
  );
}
