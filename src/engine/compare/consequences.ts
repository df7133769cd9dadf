import type { Change, Fact, FactKey } from "../model/catalog.ts";
import { factOf } from "./change-id.ts";

/**
 * The changes that one statement makes along with another, each with that other one: the columns of a table that comes or goes, the index of every
 * partition, the type of an identity's sequence. A person made one change, so one is told.
 */
export function findConsequences(changes: readonly Change[]): ReadonlyMap<Change, Change> {
  const known = indexChanges(changes);
  const causes = new Map<Change, Change>();
  for (const change of changes) {
    const cause = change.kind === "altered" ? causeOfAltered(change, known) : causeOfWhole(change, known);
    if (cause !== undefined && cause !== change) causes.set(change, cause);
  }
  return causes;
}

/** The change behind a change, and behind that. */
export function firstCause(change: Change, causes: ReadonlyMap<Change, Change>): Change {
  const seen = new Set<Change>();
  let first = change;
  for (let cause: Change | undefined = change; cause !== undefined; cause = causes.get(first)) {
    if (seen.has(cause)) return change;
    seen.add(cause);
    first = cause;
  }
  return first;
}

type Altered = Extract<Change, { readonly kind: "altered" }>;
type Whole = Exclude<Change, Altered>;

interface Known {
  /** What comes or goes, by its key. */
  readonly whole: ReadonlyMap<FactKey, Whole>;
  readonly altered: (key: FactKey | undefined, attribute: string) => Altered | undefined;
  /** Changes of the same on tables of which nobody inherited it. */
  readonly own: ReadonlyMap<string, readonly Change[]>;
  readonly ownerChanges: readonly Altered[];
  readonly columnsOf: ReadonlyMap<FactKey, Whole>;
}

function indexChanges(changes: readonly Change[]): Known {
  const altered = changes.filter((change) => change.kind === "altered");
  const whole = changes.filter((change) => change.kind !== "altered");
  const byAttribute = new Map(altered.map((change) => [`${change.key} ${change.attribute}`, change]));
  const own = new Map<string, Change[]>();
  for (const change of changes) {
    if (isInherited(factOf(change))) continue;
    const name = nameOfChange(change);
    own.set(name, [...(own.get(name) ?? []), change]);
  }
  return {
    whole: new Map(whole.map((change) => [change.key, change])),
    altered: (key, attribute) => byAttribute.get(`${key ?? ""} ${attribute}`),
    own,
    ownerChanges: altered.filter(({ attribute, to }) => attribute === "owner" && to.kind === "table"),
    columnsOf: new Map(
      whole.flatMap((change) =>
        change.fact.kind === "column" && change.fact.parent !== undefined
          ? [[change.fact.parent, change] as const]
          : [],
      ),
    ),
  };
}

/** A part of what comes or goes does so with it. */
function causeOfWhole({ fact, kind }: Whole, known: Known): Change | undefined {
  const { attachedTo, ownedBy } = fact.attributes;
  const owners = [fact.parent, fact.id.on, attachedTo, ownedBy, ...memberOf(fact)];
  const gone = owners.map((key) => known.whole.get(toKey(key))).find((change) => change?.kind === kind);
  return (
    gone ??
    (isInherited(fact) ? onlyOwn({ kind, fact, key: fact.key }, known) : undefined) ??
    // The columns of a view follow its query; attaching a partition makes its indexes, and no identity leaves its sequence behind.
    (fact.kind === "column" ? known.altered(fact.parent, "definition") : undefined) ??
    (attachedTo === undefined ? undefined : known.altered(fact.parent, "partitionOf")) ??
    (fact.kind === "sequence" ? known.altered(fact.parent, "identity") : undefined)
  );
}

/** A table leaves a publication with itself. */
function memberOf({ kind, dependsOn }: Fact): readonly FactKey[] {
  return kind === "publication_table" ? dependsOn.filter((key) => key.startsWith("table ")) : [];
}

function causeOfAltered(change: Altered, known: Known): Change | undefined {
  const { to, key, attribute } = change;
  switch (attribute) {
    case "columnNames":
      return known.altered(key, "definition");
    case "attributeOrder":
      return known.columnsOf.get(key);
    case "maximum":
    case "minimum":
      return known.altered(key, "dataType");
    case "dataType":
      return to.kind === "sequence" ? known.altered(to.parent, "type") : undefined;
    case "owner":
      return to.kind === "sequence" ? ownerOfTable(to, known) : undefined;
    case "partitionBound":
      return known.altered(key, "partitionOf");
    case "attachedTo":
    case "inherited":
    case "local":
      return known.altered(to.parent, "partitionOf");
    default:
      if (to.kind === "column" && isOfView(change, known)) return known.altered(to.parent, "definition");
      return isInherited(to) ? onlyOwn(change, known) : undefined;
  }
}

function isOfView({ to }: Altered, known: Known): boolean {
  return known.altered(to.parent, "definition") !== undefined;
}

/** A table's owner is that of the sequences that belong to its columns. */
function ownerOfTable(sequence: Fact, { ownerChanges }: Known): Change | undefined {
  const column = toKey(sequence.parent ?? sequence.attributes["ownedBy"]);
  return ownerChanges.find(({ key }) => column.startsWith(`column ${key.slice("table ".length)}.`));
}

/** The same change on the one table from which it can be inherited; where there are several, nobody can say which. */
function onlyOwn(change: Change, { own }: Known): Change | undefined {
  const [first, ...others] = own.get(nameOfChange(change)) ?? [];
  return others.length === 0 ? first : undefined;
}

function nameOfChange(change: Change): string {
  const { kind, id } = factOf(change);
  const what = change.kind === "altered" ? [change.attribute, change.before, change.after] : [];
  return JSON.stringify([change.kind, kind, id.name, ...what]);
}

function isInherited({ attributes }: Fact): boolean {
  return attributes["inherited"] === true;
}

/** Some attributes hold the key of another fact. */
function toKey(value: unknown): FactKey {
  // Whatever is no key is the key of no fact.
  return String(value ?? "") as FactKey;
}
