import { createHash } from "node:crypto";
import { factOf } from "../../compare/change-id.ts";
import { foldArrayCasts } from "../../compare/fold-array-casts.ts";
import type { Catalog, Change, Fact, FactKey, Json } from "../../model/catalog.ts";
import type { TouchedObject } from "../../model/rollback.ts";

/** Hexadecimal digits kept of each digest: enough to see that an object changed. */
const digits = 16;

/**
 * Every object that differs between two catalogs of one database, and what is unchanged and stands on what is new, such as the
 * sequence of a table that got another name; with the digests of each in both.
 */
export function touchedObjects(
  changes: readonly Change[],
  { before, after }: { readonly before: Catalog; readonly after: Catalog },
): readonly TouchedObject[] {
  const changed = new Set<string>(changes.map((change) => factOf(change).key));
  const isNew = (key: FactKey) => changed.has(key) && !before.facts.has(key);
  const standing = [...after.facts.values()].filter((fact) => standsOn(fact, isNew));
  return [...new Set([...changed, ...standing.map(({ key }) => key)])]
    .toSorted()
    .map((key) => ({ key, before: digestIn(before, key), after: digestIn(after, key) }));
}

/** True for a part of something, what is on it, and what depends on it. */
export function standsOn(fact: Fact, isIt: (key: FactKey) => boolean): boolean {
  return isPartOf(fact, isIt) || fact.dependsOn.some(isIt);
}

/** True for a part of something and what is on it. */
export function isPartOf({ parent, id }: Fact, isIt: (key: FactKey) => boolean): boolean {
  return (parent !== undefined && isIt(parent)) || (id.on !== undefined && isIt(id.on));
}

/** The digest of one object of a catalog; null where it is not there. */
export function digestIn(catalog: Catalog, key: string): string | null {
  const fact = catalog.facts.get(key as FactKey);
  return fact === undefined ? null : digestOf(fact);
}

/** Of what is compared, written in the one way of two that say the same. */
function digestOf({ attributes }: Fact): string {
  const text = JSON.stringify(inOrder(attributes));
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

function inOrder(value: Json | undefined): unknown {
  if (typeof value === "string") return value.includes("ARRAY[") ? foldArrayCasts(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => inOrder(item));
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, inOrder(member)]);
}
