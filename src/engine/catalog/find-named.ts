import type { Fact, FactKey } from "../model/catalog.ts";

const namedKinds: ReadonlySet<string> = new Set([
  "table",
  "foreign_table",
  "view",
  "materialized_view",
  "sequence",
  "function",
  "procedure",
  "aggregate",
  "enum",
  "domain",
  "composite_type",
  "range",
]);

const routineKinds: ReadonlySet<string> = new Set(["function", "procedure", "aggregate"]);

/** Finds the objects that a body of source text seems to name. */
export type FindNamed = (body: string) => readonly FactKey[];

// A name, or two with a dot between, quoted or not; whether it is called (PostgreSQL, "Identifiers and Key Words").
const word = String.raw`"(?:[^"]|"")+"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*`;
const names = new RegExp(String.raw`(${word})(?:\s*\.\s*(${word}))?(\s*\()?`, "gi");

/** Prepares the search over a catalog's relations, routines and types. It reads words, not syntax: names in strings and comments count too. */
export function indexNames(facts: readonly Fact[]): FindNamed {
  const byName = new Map<string, Fact[]>();
  for (const fact of facts.filter(({ kind }) => namedKinds.has(kind))) {
    const known = byName.get(fact.id.name);
    if (known === undefined) byName.set(fact.id.name, [fact]);
    else known.push(fact);
  }
  return (body) => {
    const found = [...body.matchAll(names)].flatMap(([, first = "", second, call]) => {
      const lookUp = (schema: string | undefined, name: string) =>
        (byName.get(name) ?? [])
          .filter(({ id }) => schema === undefined || id.schema === schema)
          .filter(({ kind }) => call !== undefined || !routineKinds.has(kind));
      if (second === undefined) return lookUp(undefined, plain(first));
      const qualified = lookUp(plain(first), plain(second));
      // Else it may be a relation and its column.
      return qualified.length > 0 ? qualified : lookUp(undefined, plain(first));
    });
    return [...new Set(found.map(({ key }) => key))];
  };
}

function plain(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
