import {
  factKey,
  type Catalog,
  type Fact,
  type Json,
  type ObjectId,
} from "../../../../src/engine/model/catalog.ts";

/** A fact with only what a test cares about. */
export function fact(id: ObjectId, rest: Partial<Omit<Fact, "key" | "id" | "kind">> = {}): Fact {
  return {
    key: factKey(id),
    kind: id.kind,
    id,
    attributes: {},
    dependsOn: [],
    mayUse: [],
    provenance: "user",
    ...rest,
  };
}

/** A catalog of these facts, read from a 17 by `postgres`. */
export function catalog(...facts: readonly Fact[]): Catalog {
  return {
    serverVersion: 170_010,
    currentRole: "postgres",
    facts: new Map(facts.map((each) => [each.key, each])),
    unmodelled: [],
  };
}

/** A table in `public` with columns of these types. */
export function table(
  name: string,
  columns: Readonly<Record<string, string>>,
  attributes: Readonly<Record<string, Json>> = {},
): readonly Fact[] {
  const own = fact(
    { kind: "table", schema: "public", name },
    { attributes: { owner: "postgres", ...attributes } },
  );
  const parts = Object.entries(columns).map(([column, type], index) =>
    fact(
      { kind: "column", schema: "public", within: name, name: column },
      { parent: own.key, position: index + 1, attributes: { type } },
    ),
  );
  return [own, ...parts];
}
