import type { Catalog, Fact, FactKey, ObjectKind } from "../../model/catalog.ts";

/** A catalog with its edges in both directions. */
export interface Side {
  readonly facts: ReadonlyMap<FactKey, Fact>;
  readonly children: (key: FactKey, kind?: ObjectKind) => readonly Fact[];
  /** What names this key as something it depends on, children not included. */
  readonly dependents: (key: FactKey) => readonly Fact[];
}

/** What becomes of an object that both or one of the catalogs have. */
export type Intent = "create" | "drop" | "alter" | "replace" | "reattach";

/** Both catalogs, and what was decided so far. */
export interface World {
  readonly from: Side;
  readonly to: Side;
  readonly currentRole: string;
  readonly serverVersion: number;
  /** Default privileges of the first catalog. */
  readonly defaultPrivileges: readonly Fact[];
  readonly intents: Map<FactKey, Intent>;
  /** Columns that get a new type because the type they have is made anew. */
  readonly retyped: Set<FactKey>;
}

/** Reads both catalogs once, so that every question about edges is a look-up. */
export function openWorld(from: Catalog, to: Catalog): World {
  return {
    from: openSide(from),
    to: openSide(to),
    currentRole: from.currentRole,
    serverVersion: from.serverVersion,
    defaultPrivileges: [...from.facts.values()].filter((fact) => fact.kind === "default_privilege"),
    intents: new Map(),
    retyped: new Set(),
  };
}

/** True where the object of the first catalog does not survive as it is. */
export function isGoing(world: World, key: FactKey): boolean {
  const intent = world.intents.get(key);
  return intent === "drop" || intent === "replace";
}

/** True where the object of the second catalog has to be made. */
export function isComing(world: World, key: FactKey): boolean {
  const intent = world.intents.get(key);
  return intent === "create" || intent === "replace";
}

/** The attribute as text; undefined where it is absent or no text. */
export function textOf(fact: Fact | undefined, attribute: string): string | undefined {
  const value = fact?.attributes[attribute];
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** The attribute as a list of texts; empty where it is absent. */
export function listOf(fact: Fact | undefined, attribute: string): readonly string[] {
  const value = fact?.attributes[attribute];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** True where the attribute is there and true. */
export function isSet(fact: Fact | undefined, attribute: string): boolean {
  return fact?.attributes[attribute] === true;
}

/** The attribute as the key of another fact. */
export function keyOf(fact: Fact | undefined, attribute: string): FactKey | undefined {
  const text = textOf(fact, attribute);
  return text === undefined ? undefined : (text as FactKey);
}

function openSide(catalog: Catalog): Side {
  const children = new Map<FactKey, Fact[]>();
  const dependents = new Map<FactKey, Fact[]>();
  for (const fact of catalog.facts.values()) {
    if (fact.parent !== undefined) addTo(children, fact.parent, fact);
    for (const key of fact.dependsOn) addTo(dependents, key, fact);
    const owner = keyOf(fact, "ownedBy");
    if (owner !== undefined) addTo(dependents, owner, fact);
  }
  for (const list of children.values())
    list.sort((one, other) => (one.position ?? 0) - (other.position ?? 0));
  return {
    facts: catalog.facts,
    children: (key, kind) =>
      (children.get(key) ?? []).filter((fact) => kind === undefined || fact.kind === kind),
    dependents: (key) => dependents.get(key) ?? [],
  };
}

function addTo(lists: Map<FactKey, Fact[]>, key: FactKey, fact: Fact): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [fact]);
  else list.push(fact);
}
