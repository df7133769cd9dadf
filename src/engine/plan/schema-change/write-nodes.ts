import type { Fact, FactKey } from "../../model/catalog.ts";
import type { Decisions } from "./decide-intents.ts";
import { extensionsOf } from "./attribute-rules.ts";
import { dropHost, makeHost } from "./hosts.ts";
import type { Orderable } from "./order-steps.ts";
import { isParked } from "./parked.ts";
import type { Alteration, Draft, Rule } from "./rule.ts";
import { rules } from "./rules/index.ts";
import { parkedFact, parkType } from "./rules/user-type.ts";
import { isComing, isGoing, type World } from "./world.ts";

/** Statements that stay together, at one place of the order. */
export interface Node extends Orderable {
  readonly place: Place;
  readonly subject: FactKey;
  readonly drafts: readonly Draft[];
}

/** All nodes, and which node makes or drops an object that takes no statement of its own. */
export interface Nodes {
  readonly list: readonly Node[];
  /** The object's own node at this place; undefined where it has none. */
  readonly at: (place: Place, key: FactKey) => Node | undefined;
  /** The node after which the object is as the second catalog has it, late statements aside; undefined where nothing happens to it. */
  readonly makeOf: (key: FactKey) => string | undefined;
  /** The node after which the object of the first catalog is gone. */
  readonly dropOf: (key: FactKey) => string | undefined;
}

/** `save` and `fill`: rows put aside and taken up; `park`: a type steps aside. */
export type Place = keyof typeof ranks | "grant";

/** The name of an object's node. */
export function nodeId(place: Place, key: FactKey): string {
  return `${place} ${key}`;
}

/** Drops come before makings, and late statements last, where dependencies leave the choice. */
const ranks = { save: -200, early: 0, park: 150, drop: 100, make: 200, fill: 205, late: 400 };

/** Writes the statements of every object that something happens to. */
export function writeNodes(world: World, { alterations }: Decisions): Nodes {
  const list: Node[] = [];
  const byPlace = new Map<Place, Map<FactKey, Node>>();
  const add = (place: keyof typeof ranks, fact: Fact, drafts: readonly Draft[]): void => {
    const ruleRank = rules[fact.kind]?.rank ?? 0;
    // Columns in their order: what is added comes behind what is there.
    const within = fact.kind === "column" ? (fact.position ?? 0) / 10_000 : 0;
    const rank = ranks[place] + (place === "drop" ? 100 - ruleRank : ruleRank + within);
    const node = { id: nodeId(place, fact.key), place, rank, subject: fact.key, drafts };
    list.push(node);
    const known = byPlace.get(place);
    if (known === undefined) byPlace.set(place, new Map([[fact.key, node]]));
    else known.set(fact.key, node);
  };
  const addPlaced = (fact: Fact, drafts: readonly Draft[]): void => {
    const early = drafts.filter((draft) => draft.place === "early");
    const late = drafts.filter((draft) => draft.place === "late");
    if (early.length > 0) add("early", fact, early);
    add(
      "make",
      fact,
      drafts.filter((draft) => draft.place === undefined),
    );
    const fill = drafts.filter((draft) => draft.place === "fill");
    if (fill.length > 0) add("fill", fact, fill);
    if (late.length > 0) add("late", fact, late);
  };
  for (const key of [...world.intents.keys()].toSorted()) {
    const [before, after] = [world.from.facts.get(key), world.to.facts.get(key)];
    const rule = rules[(after ?? before)?.kind ?? "grant"];
    if (rule === undefined) continue;
    if (before !== undefined && isGoing(world, key) && dropHost(before, world) === undefined) {
      if (isParked(before, world)) add("park", before, parkType(before));
      const drafts = rule.drop(isParked(before, world) ? parkedFact(before) : before, world);
      const early = drafts.filter((draft) => draft.place === "early");
      if (early.length > 0) add("save", before, early);
      add(
        "drop",
        before,
        drafts.filter((draft) => draft.place !== "early"),
      );
    }
    if (after === undefined) continue;
    if (isComing(world, key)) {
      if (makeHost(after, world) === undefined)
        addPlaced(after, [...rule.create(after, world), ...extensionsOf(after)]);
    } else if (before !== undefined) {
      addPlaced(after, alter({ before, after, rule, world, alteration: alterations.get(key) }));
    }
  }
  const at: Nodes["at"] = (place, key) => byPlace.get(place)?.get(key);
  return { list, at, ...findNodes(world, at) };
}

function alter(parts: {
  readonly before: Fact;
  readonly after: Fact;
  readonly rule: Rule;
  readonly world: World;
  readonly alteration: Alteration | undefined;
}): readonly Draft[] {
  const { before, after, rule, world } = parts;
  const alteration = parts.alteration ?? { from: before, to: after, changed: new Map() };
  const drafts = rule.alter(alteration, world);
  if (world.intents.get(after.key) !== "reattach" || rule.reattach === undefined) return drafts;
  const reattached = rule.reattach(before, after, world);
  const own = drafts.filter((draft) => !reattached.some((other) => other.sql === draft.sql));
  return [...reattached, ...own];
}

function findNodes(world: World, at: Nodes["at"]): Pick<Nodes, "makeOf" | "dropOf"> {
  const makeOf = remember((key): string | undefined => {
    const own = at("make", key);
    if (own !== undefined) return own.id;
    const fact = world.to.facts.get(key);
    const host = fact === undefined || !world.intents.has(key) ? undefined : makeHost(fact, world);
    return host === undefined || host === key ? undefined : makeOf(host);
  });
  const dropOf = remember((key): string | undefined => {
    const own = at("drop", key);
    if (own !== undefined) return own.id;
    const fact = world.from.facts.get(key);
    if (fact === undefined || !isGoing(world, key)) return undefined;
    const host = dropHost(fact, world);
    if (host === undefined) return undefined;
    return isGoing(world, host) ? dropOf(host) : makeOf(host);
  });
  return { makeOf, dropOf };
}

/** Asks once for each key: a schema has tens of thousands, each named by many others. */
function remember(find: (key: FactKey) => string | undefined): (key: FactKey) => string | undefined {
  const known = new Map<FactKey, string | undefined>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found;
    const asked = find(key);
    known.set(key, asked);
    return asked;
  };
}
