import type { Fact, FactKey } from "../../model/catalog.ts";
import { findSlots } from "./name-slots.ts";
import type { Edge } from "./order-steps.ts";
import { isParked, isPartOfParked } from "./parked.ts";
import { isTwin } from "./rules/attached-index.ts";
import { inheritedFrom } from "./rules/attachment.ts";
import { rowSource } from "./rules/row-columns.ts";
import { isComing, isGoing, isSet, keyOf, listOf, textOf, type Side, type World } from "./world.ts";
import type { Nodes } from "./write-nodes.ts";

type Link = (before: string | undefined, after: string | undefined, strength?: Edge["strength"]) => void;

/** What must come before what: drops against the first catalog's edges, makings along the second's, names freed before they are taken. */
export function linkNodes(world: World, nodes: Nodes): readonly Edge[] {
  const edges: Edge[] = [];
  const link: Link = (before, after, strength = "certain") => {
    if (before !== undefined && after !== undefined && before !== after)
      edges.push({ before, after, strength });
  };
  for (const key of world.intents.keys()) {
    const before = world.from.facts.get(key);
    const after = world.to.facts.get(key);
    if (before !== undefined && isGoing(world, key)) linkDrop({ fact: before, world, nodes, link });
    if (before !== undefined && !isGoing(world, key)) linkRelease({ fact: before, world, nodes, link });
    if (after !== undefined) linkMake({ fact: after, world, nodes, link });
    linkOwn({ key, fact: before, world, nodes, link });
  }
  linkSlots(world, nodes, link);
  linkRowHolders(world, nodes, link);
  linkRows(world, nodes, link);
  return edges;
}

interface Place {
  readonly fact: Fact;
  readonly world: World;
  readonly nodes: Nodes;
  readonly link: Link;
}

function linkDrop({ fact, world, nodes, link }: Place): void {
  const own = nodes.dropOf(fact.key);
  for (const key of needsOf(fact)) {
    link(own, nodes.dropOf(key));
    const needed = world.from.facts.get(key);
    if (needed !== undefined && isParked(needed, world)) linkBeforePark({ fact, world, nodes, link }, key);
    // A default goes before its column changes; other parts do not hinder their object.
    if (!isGoing(world, key) && (key !== fact.parent || fact.kind === "default"))
      link(own, nodes.makeOf(key));
    if (!isGoing(world, key) && key !== fact.parent)
      for (const part of [...attributesOf(key, world.from), ...attributesOf(key, world.to)])
        link(own, nodes.makeOf(part.key) ?? nodes.dropOf(part.key));
  }
  for (const key of needsOf(fact).filter(isColumn)) link(own, nodes.at("early", key)?.id);
  if (fact.parent !== undefined && !isGoing(world, fact.parent) && !isColumn(fact.parent))
    link(nodes.at("early", fact.parent)?.id, own);
}

function isColumn(key: FactKey): boolean {
  return key.startsWith("column ");
}

/** What is dropped by a signature has to go while the type has its name; a type that steps aside itself does so before. */
function linkBeforePark({ fact, world, nodes, link }: Place, type: FactKey): void {
  if (isParked(fact, world)) link(nodes.at("park", fact.key)?.id, nodes.at("park", type)?.id);
  else link(nodes.at("drop", fact.key)?.id, nodes.at("park", type)?.id);
}

/** The attributes of a composite type and the checks of a domain, which cannot change while columns are of it. */
function attributesOf(key: FactKey, side: Side): readonly Fact[] {
  if (key.startsWith("domain ")) return side.children(key, "constraint");
  return key.startsWith("composite_type ") ? side.children(key, "column") : [];
}

/** What stays lets go of what is dropped: by its early statements where it has some, else by its alteration. */
function linkRelease({ fact, world, nodes, link }: Place): void {
  const early = nodes.at("early", fact.key)?.id;
  const ownedBy = keyOf(fact, "ownedBy");
  for (const key of ownedBy === undefined ? needsOf(fact) : [...needsOf(fact), ownedBy]) {
    const needed = world.from.facts.get(key);
    if (needed === undefined || !isGoing(world, key)) continue;
    if (early !== undefined) link(early, nodes.dropOf(key));
    else if (!isComing(world, key) || isParked(needed, world))
      link(nodes.makeOf(fact.key), nodes.dropOf(key));
  }
}

function linkMake({ fact, world, nodes, link }: Place): void {
  const own = nodes.makeOf(fact.key);
  const attachedTo = fact.kind === "trigger" ? undefined : keyOf(fact, "attachedTo");
  const ownedBy = keyOf(fact, "ownedBy");
  for (const key of needsOf(fact)) {
    if (key === ownedBy) continue;
    if (key === attachedTo && textOf(fact, "type") !== "foreign key") continue;
    // A function of a base type needs the type's shell; the type itself needs the function.
    const isCircle =
      fact.kind === "function" && world.to.facts.get(key)?.dependsOn.includes(fact.key) === true;
    link((isCircle ? nodes.at("early", key)?.id : undefined) ?? nodes.makeOf(key), own);
    if (isComing(world, fact.key) && key !== fact.parent)
      for (const part of attributesOf(key, world.to)) link(nodes.makeOf(part.key), own);
  }
  if (attachedTo !== undefined && textOf(fact, "type") !== "foreign key") link(own, nodes.makeOf(attachedTo));
  for (const key of fact.mayUse) link(nodes.makeOf(key), own, "guess");
  if (textOf(fact, "type") === "foreign key") linkBehindAttached({ fact, world, nodes, link });
  for (const above of inheritedFrom(fact, world.to)) link(nodes.makeOf(above.key), own);
  if (fact.parent !== undefined) link(nodes.at("early", fact.parent)?.id, own);
  if (fact.parent !== undefined && isTwin(fact, world.to)) link(nodes.at("late", fact.parent)?.id, own);
  if (fact.kind === "index" && isSet(fact, "invalid")) linkBehindPartitions({ fact, world, nodes, link });
  if (listOf(fact, "inherits").length > 0) linkInheritedDefaults({ fact, world, nodes, link });
}

/** A foreign key has a part for each partition that it refers to, and they are numbered in the order of their making. */
function linkBehindAttached({ fact, world, nodes, link }: Place): void {
  const tables = new Set(fact.dependsOn.map((key) => world.to.facts.get(key)?.parent ?? key));
  for (const table of [...tables].flatMap((key) => partitionsBelow(key, world)))
    link(nodes.at("late", table)?.id, nodes.makeOf(fact.key));
}

/** An index that lacks parts comes once all partitions are attached, since attaching would make the parts. */
function linkBehindPartitions({ fact, world, nodes, link }: Place): void {
  const { parent } = fact;
  if (parent === undefined) return;
  for (const table of partitionsBelow(parent, world)) {
    const hasPart = world.to.children(table).some((part) => keyOf(part, "attachedTo") === fact.key);
    if (!hasPart) link(nodes.at("late", table)?.id, nodes.makeOf(fact.key));
  }
}

/** A table made below others takes their defaults as they are then. */
function linkInheritedDefaults({ fact, world, nodes, link }: Place): void {
  const own = nodes.makeOf(fact.key);
  const above = world.to.children(fact.key, "column").flatMap((column) => inheritedFrom(column, world.to));
  for (const column of above)
    for (const part of world.to.children(column.key, "default")) link(nodes.makeOf(part.key), own);
}

function linkOwn(
  place: Omit<Place, "fact"> & { readonly key: FactKey; readonly fact: Fact | undefined },
): void {
  const { key, fact, world, nodes, link } = place;
  const make = nodes.makeOf(key);
  const late = nodes.at("late", key);
  const parked = fact !== undefined && isParked(fact, world);
  if (parked) {
    link(nodes.at("park", key)?.id, make);
    link(make, nodes.dropOf(key));
  } else if (isGoing(world, key) && !isPartOfParked(fact, world)) link(nodes.dropOf(key), make);
  link(nodes.at("early", key)?.id, make);
  link(make, late?.id);
  const parent = world.to.facts.get(key)?.parent;
  if (parent !== undefined) link(nodes.at("late", parent)?.id, late?.id);
  for (const needed of late?.drafts.flatMap((draft) => draft.after ?? []) ?? [])
    link(nodes.makeOf(needed), late?.id);
}

/** Rows in a column elsewhere wait while their table's columns change. */
function linkRowHolders(world: World, nodes: Nodes, link: Link): void {
  for (const key of world.retyped) {
    const column = world.from.facts.get(key);
    const source = column === undefined ? undefined : rowSource(column, world.from);
    if (source === undefined) continue;
    for (const side of [world.from, world.to])
      for (const part of side.children(source.key, "column"))
        for (const change of [nodes.dropOf(part.key), nodes.makeOf(part.key)]) {
          link(nodes.at("early", key)?.id, change);
          link(change, nodes.makeOf(key));
        }
  }
}

/** Rows are put aside before anything changes, and taken up before triggers, keys and policies watch. */
function linkRows(world: World, nodes: Nodes, link: Link): void {
  for (const { id, place, subject } of nodes.list) {
    if (place === "save") link(id, nodes.dropOf(subject));
    if (place !== "fill") continue;
    link(nodes.makeOf(subject), id);
    for (const table of [subject, ...partitionsBelow(subject, world)]) {
      if (table !== subject) link(nodes.at("late", table)?.id, id);
      for (const part of world.to.children(table))
        if (watching.has(part.kind) || textOf(part, "type") === "foreign key")
          link(id, nodes.makeOf(part.key));
    }
    for (const key of world.intents.keys())
      if (key.startsWith("materialized_view ")) link(id, nodes.makeOf(key));
  }
}

const watching: ReadonlySet<string> = new Set(["trigger", "rule", "policy"]);

function partitionsBelow(table: FactKey, world: World): readonly FactKey[] {
  return world.to
    .dependents(table)
    .filter((fact) => keyOf(fact, "partitionOf") === table)
    .flatMap(({ key }) => [key, ...partitionsBelow(key, world)]);
}

/** A name in use must be free before another object takes it. */
function linkSlots(world: World, nodes: Nodes, link: Link): void {
  const freed = new Map<string, string>();
  for (const key of world.intents.keys()) {
    const fact = world.from.facts.get(key);
    const drop = nodes.dropOf(key);
    if (fact === undefined || drop === undefined || isPartOfParked(fact, world)) continue;
    for (const slot of findSlots(fact)) freed.set(slot, nodes.at("park", key)?.id ?? drop);
  }
  for (const key of world.intents.keys()) {
    const fact = world.to.facts.get(key);
    if (fact === undefined || !isComing(world, key)) continue;
    for (const slot of findSlots(fact)) link(freed.get(slot), nodes.makeOf(key));
  }
}

function needsOf(fact: Fact): readonly FactKey[] {
  const others = fact.dependsOn.filter((key) => key !== fact.key);
  return fact.parent === undefined ? others : [fact.parent, ...others];
}
