import type { Catalog, Fact } from "../model/catalog.ts";

/** The relation, routine or schema that a fact is a part of, however deep; itself where it is no part. */
export function topOf(fact: Fact, sides: { readonly from: Catalog; readonly to: Catalog }): Fact {
  const parent = fact.parent ?? fact.id.on;
  const found =
    parent === undefined ? undefined : (sides.from.facts.get(parent) ?? sides.to.facts.get(parent));
  return found === undefined ? fact : topOf(found, sides);
}
