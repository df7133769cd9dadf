import { factKey, type Fact, type FactKey, type Json, type ObjectId } from "../model/catalog.ts";
import { readAccess, type Access } from "./acl.ts";
import { withoutColumn, type Address } from "./address.ts";
import type { Annotation, Dependency } from "./annotations.ts";
import type { FactDraft } from "./fact-draft.ts";
import { indexNames } from "./find-named.ts";

/** Everything that a snapshot has read, still by address. */
export interface Drafts {
  readonly serverVersion: number;
  readonly drafts: readonly FactDraft[];
  readonly dependencies: readonly Dependency[];
  readonly comments: readonly Annotation[];
  readonly securityLabels: readonly Annotation[];
}

/** Finds the key of whatever lies at an address; a column that is no fact counts as its relation. */
type FindKey = (address: Address) => FactKey | undefined;

const none = {};

const noAccess: Access = { granted: [], ownerLacks: [], ownerOptions: [] };

/** A draft with its key and with what its access control list says. */
interface KeyedDraft {
  readonly draft: FactDraft;
  readonly key: FactKey;
  readonly access: Access;
}

/** Turns addresses into keys, and privileges, comments and labels into facts of their own, all of them the user's until told otherwise. */
export function resolveFacts(read: Drafts): readonly Fact[] {
  const keyed = read.drafts.map((draft) => ({
    draft,
    key: factKey(draft.id),
    access: accessOf(draft, read.serverVersion),
  }));
  const findKey = indexAddresses(keyed);
  const edges = collectEdges(read.dependencies, findKey);
  const objects = keyed.map((one) => toFact(one, findKey, edges));
  return [
    ...withGuesses(objects, keyed),
    ...keyed.flatMap(toGrants),
    ...read.comments.flatMap((comment) => toComment(comment, findKey)),
    ...read.securityLabels.flatMap((label) => toSecurityLabel(label, findKey)),
  ];
}

function indexAddresses(keyed: readonly KeyedDraft[]): FindKey {
  const keys = new Map<Address, FactKey>();
  for (const { draft, key } of keyed) for (const address of draft.addresses) keys.set(address, key);
  return (address) => keys.get(address) ?? keys.get(withoutColumn(address));
}

/** The names in a routine's body are no dependencies to the server, but it fails without them when it is called. */
function withGuesses(objects: readonly Fact[], keyed: readonly KeyedDraft[]): readonly Fact[] {
  const findNamed = indexNames(objects);
  return objects.map((fact, index) => {
    const body = keyed[index]?.draft.body;
    if (body === undefined) return fact;
    const mayUse = findNamed(body).filter((key) => key !== fact.key && !fact.dependsOn.includes(key));
    return mayUse.length === 0 ? fact : { ...fact, mayUse };
  });
}

interface Edges {
  readonly dependsOn: ReadonlyMap<FactKey, ReadonlySet<FactKey>>;
  /** Extensions that an object disappears with, though it is no part of them. */
  readonly follows: ReadonlyMap<FactKey, ReadonlySet<FactKey>>;
}

function collectEdges(dependencies: readonly Dependency[], findKey: FindKey): Edges {
  const dependsOn = new Map<FactKey, Set<FactKey>>();
  const follows = new Map<FactKey, Set<FactKey>>();
  for (const dependency of dependencies) {
    const from = findKey(dependency.from);
    const to = findKey(dependency.to);
    if (from === undefined || to === undefined || from === to) continue;
    const edges = dependency.isFollowing ? follows : dependsOn;
    const known = edges.get(from);
    if (known === undefined) edges.set(from, new Set([to]));
    else known.add(to);
  }
  return { dependsOn, follows };
}

function toFact({ draft, key, access }: KeyedDraft, findKey: FindKey, edges: Edges): Fact {
  const parent = draft.parent === undefined ? undefined : findKey(draft.parent);
  const links = resolveLinks(draft, findKey);
  return {
    key,
    kind: draft.id.kind,
    id: draft.id,
    ...(parent === undefined ? none : { parent }),
    attributes: present({
      owner: draft.owner,
      ...draft.attributes,
      ...links,
      ownerLacks: access.ownerLacks.length === 0 ? undefined : access.ownerLacks,
      ownerOptions: access.ownerOptions.length === 0 ? undefined : access.ownerOptions,
      followsExtensions: sorted(edges.follows.get(key)),
    }),
    ...(draft.position === undefined ? none : { position: draft.position }),
    ...(draft.statement === undefined ? none : { statement: draft.statement }),
    dependsOn: neededBy({ draft, key, parent, owned: links["ownedBy"] }, findKey, edges),
    mayUse: [],
    provenance: "user",
  };
}

interface Needing {
  readonly draft: FactDraft;
  readonly key: FactKey;
  readonly parent: FactKey | undefined;
  /** The column that a sequence is given to: the sequence comes first and is given to it afterwards. */
  readonly owned: Json | undefined;
}

function neededBy(
  { draft, key, parent, owned }: Needing,
  findKey: FindKey,
  edges: Edges,
): readonly FactKey[] {
  const recorded = edges.dependsOn.get(key);
  if (recorded === undefined && draft.needs === undefined) return [];
  const added = (draft.needs ?? []).map(findKey).filter((found) => found !== undefined);
  // The server's own order differs from one database to the next.
  return [...new Set([...(recorded ?? []), ...added])]
    .filter((to) => to !== key && to !== parent && to !== owned)
    .toSorted();
}

function resolveLinks({ links }: FactDraft, findKey: FindKey): Readonly<Record<string, Json | undefined>> {
  if (links === undefined) return none;
  const entries = Object.entries(links).map(([name, target]) => {
    if (target === undefined) return [name, undefined] as const;
    if (typeof target === "string") return [name, findKey(target)] as const;
    return [name, target.map((each) => findKey(each) ?? null)] as const;
  });
  return Object.fromEntries(entries);
}

/** Leaves out what is absent or false: those are defaults. */
function present(attributes: FactDraft["attributes"]): Readonly<Record<string, Json>> {
  const kept: Record<string, Json> = {};
  // A schema has tens of thousands of facts: a loop takes a third of what building by entries does.
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined && value !== null && value !== false) kept[name] = value;
  }
  return kept;
}

function sorted(keys: ReadonlySet<FactKey> | undefined): Json | undefined {
  return keys === undefined ? undefined : [...keys].toSorted();
}

function accessOf(draft: FactDraft, serverVersion: number): Access {
  if (draft.acl === undefined) return noAccess;
  return readAccess({ kind: draft.id.kind, owner: draft.owner, acl: draft.acl, serverVersion });
}

function toGrants({ key: on, access }: KeyedDraft): readonly Fact[] {
  return access.granted.map(({ grantee, privilege, grantable }) =>
    toPart({ kind: "grant", name: privilege, on, grantee }, on, { grantable }),
  );
}

function toComment(comment: Annotation, findKey: FindKey): readonly Fact[] {
  const on = findKey(comment.on);
  if (on === undefined) return [];
  return [
    toPart({ kind: "comment", name: "", on, ...onItsIndex(comment.on, on) }, on, { text: comment.text }),
  ];
}

function toSecurityLabel(label: Annotation, findKey: FindKey): readonly Fact[] {
  const on = findKey(label.on);
  if (on === undefined) return [];
  return [toPart({ kind: "security_label", name: label.provider ?? "", on }, on, { label: label.text })];
}

/** A constraint and the index behind it can each have a comment. */
function onItsIndex(address: Address, on: FactKey): { readonly signature?: string } {
  return on.startsWith("constraint ") && address.startsWith("1259:") ? { signature: "index" } : {};
}

function toPart(id: ObjectId, parent: FactKey, attributes: FactDraft["attributes"]): Fact {
  return {
    key: factKey(id),
    kind: id.kind,
    id,
    parent,
    attributes: present(attributes),
    dependsOn: [],
    mayUse: [],
    provenance: "user",
  };
}
