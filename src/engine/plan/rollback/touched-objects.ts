import { createHash } from "node:crypto";
import { factOf } from "../../compare/change-id.ts";
import { foldArrayCasts } from "../../compare/fold-array-casts.ts";
import type { Catalog, Change, Fact, FactKey, Json } from "../../model/catalog.ts";
import type { TouchedObject } from "../../model/rollback.ts";

/** Hexadecimal digits kept of each digest: enough to see that an object changed. */
const digits = 16;

/** Every object that differs between two catalogs of one database, with its digests in both. */
export function touchedObjects(
  changes: readonly Change[],
  { before, after }: { readonly before: Catalog; readonly after: Catalog },
): readonly TouchedObject[] {
  const keys = new Set(changes.map((change) => factOf(change).key));
  return [...keys]
    .toSorted()
    .map((key) => ({ key, before: digestIn(before, key), after: digestIn(after, key) }));
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
