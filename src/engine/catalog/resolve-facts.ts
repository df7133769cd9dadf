import { factKey, type Fact, type FactKey, type Json, type ObjectId } from "../model/catalog.ts";
import { readAccess } from "./acl.ts";
import { withoutColumn, type Address } from "./address.ts";
import type { Annotation, Dependency } from "./annotations.ts";
import type { FactDraft } from "./fact-draft.ts";

/** Everything that a snapshot has read, still by address. */
export interface Drafts {
  readonly drafts: readonly FactDraft[];
  readonly dependencies: readonly Dependency[];
  readonly comments: readonly Annotation[];
  readonly securityLabels: readonly Annotation[];
}

/** Finds the key of whatever lies at an address; a column that is no fact counts as its relation. */
type FindKey = (address: Address) => FactKey | undefined;

/** Turns addresses into keys, and privileges, comments and labels into facts of their own, all of them the user's until told otherwise. */
export function resolveFacts(read: Drafts): readonly Fact[] {
  const findKey = indexAddresses(read.drafts);
  const edges = collectEdges(read.dependencies, findKey);
  const objects = read.drafts.map((draft) => toFact(draft, findKey, edges));
  return [
    ...objects,
    ...read.drafts.flatMap(toGrants),
    ...read.comments.flatMap((comment) => toComment(comment, findKey)),
    ...read.securityLabels.flatMap((label) => toSecurityLabel(label, findKey)),
  ];
}

function indexAddresses(drafts: readonly FactDraft[]): FindKey {
  const keys = new Map<Address, FactKey>();
  for (const draft of drafts) {
    const key = factKey(draft.id);
    for (const address of draft.addresses) keys.set(address, key);
  }
  return (address) => keys.get(address) ?? keys.get(withoutColumn(address));
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

function toFact(draft: FactDraft, findKey: FindKey, edges: Edges): Fact {
  const key = factKey(draft.id);
  const parent = draft.parent === undefined ? undefined : findKey(draft.parent);
  const { ownerLacks } = accessOf(draft);
  const links = resolveLinks(draft, findKey);
  const needed = (draft.needs ?? []).map(findKey).filter((found) => found !== undefined);
  // A sequence comes first and is given to its column afterwards.
  const isElsewhere = (to: FactKey) => to !== key && to !== parent && to !== links["ownedBy"];
  return {
    key,
    kind: draft.id.kind,
    id: draft.id,
    ...(parent === undefined ? {} : { parent }),
    attributes: present({
      owner: draft.owner,
      ...draft.attributes,
      ...links,
      ownerLacks: ownerLacks.length === 0 ? undefined : ownerLacks,
      followsExtensions: sorted(edges.follows.get(key)),
    }),
    ...(draft.position === undefined ? {} : { position: draft.position }),
    ...(draft.statement === undefined ? {} : { statement: draft.statement }),
    dependsOn: [...new Set([...(edges.dependsOn.get(key) ?? []), ...needed])].filter(isElsewhere),
    mayUse: [],
    provenance: "user",
  };
}

function resolveLinks(draft: FactDraft, findKey: FindKey): Readonly<Record<string, Json | undefined>> {
  const entries = Object.entries(draft.links ?? {}).map(([name, target]) => {
    if (target === undefined) return [name, undefined] as const;
    if (typeof target === "string") return [name, findKey(target)] as const;
    return [name, target.map((each) => findKey(each) ?? null)] as const;
  });
  return Object.fromEntries(entries);
}

/** Leaves out what is absent or false: those are defaults. */
function present(attributes: FactDraft["attributes"]): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined || value === null || value === false ? [] : [[name, value]],
    ),
  );
}

function sorted(keys: ReadonlySet<FactKey> | undefined): Json | undefined {
  return keys === undefined ? undefined : [...keys].toSorted();
}

function accessOf(draft: FactDraft): ReturnType<typeof readAccess> {
  if (draft.acl === undefined) return { granted: [], ownerLacks: [] };
  return readAccess({ kind: draft.id.kind, owner: draft.owner, acl: draft.acl });
}

function toGrants(draft: FactDraft): readonly Fact[] {
  const on = factKey(draft.id);
  return accessOf(draft).granted.map(({ grantee, privilege, grantable }) =>
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
