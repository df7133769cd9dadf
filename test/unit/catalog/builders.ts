import {
  factKey,
  type Catalog,
  type Fact,
  type Json,
  type ObjectId,
} from "../../../src/engine/model/catalog.ts";

/** A fact of the user's, on its own. */
export function fact(
  id: ObjectId,
  attributes: Readonly<Record<string, Json>> = {},
  more: Partial<Fact> = {},
): Fact {
  return {
    key: factKey(id),
    kind: id.kind,
    id,
    attributes,
    dependsOn: [],
    mayUse: [],
    provenance: "user",
    ...more,
  };
}

/** A catalog of these facts, on 17 unless told otherwise. */
export function catalog(facts: readonly Fact[], serverVersion = 170_010): Catalog {
  return {
    serverVersion,
    currentRole: "postgres",
    facts: new Map(facts.map((each) => [each.key, each])),
    unmodelled: [],
  };
}
