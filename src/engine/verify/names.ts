import { factKey, type Catalog, type Fact, type FactKey, type ObjectKind } from "../model/catalog.ts";

export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

const word = String.raw`"(?:[^"]|"")+"|[^".]+`;
const qualified = new RegExp(`^(?:(${word})\\.)?(${word})$`);

/** A name as a spec has it: `orders`, which is in `public`, or `sales.orders`; quoted where it has a dot in it. */
export function parseName(text: string): QualifiedName {
  const [, schema, name = text] = qualified.exec(text.trim()) ?? [];
  return { schema: schema === undefined ? "public" : unquote(schema), name: unquote(name) };
}

export function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** The object of this name and one of these kinds. */
export function findObject({ facts }: Catalog, text: string, kinds: readonly ObjectKind[]): Fact | undefined {
  const named = parseName(text);
  return kinds.map((kind) => facts.get(factKey({ kind, ...named }))).find((fact) => fact !== undefined);
}

/** Relations that have columns and rows. */
export const relationKinds: readonly ObjectKind[] = ["table", "foreign_table", "view", "materialized_view"];

/** What belongs to an object, in its order. */
export function partsOf(catalog: Catalog, { key }: Fact, part: ObjectKind): readonly Fact[] {
  return (indexParts(catalog).get(key) ?? [])
    .filter(({ kind }) => kind === part)
    .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
}

const indexed = new WeakMap<Catalog, ReadonlyMap<FactKey, readonly Fact[]>>();

/** Made once a catalog: a spec asks hundreds of times among tens of thousands of facts. */
function indexParts(catalog: Catalog): ReadonlyMap<FactKey, readonly Fact[]> {
  const known = indexed.get(catalog);
  if (known !== undefined) return known;
  const parts = new Map<FactKey, Fact[]>();
  for (const fact of catalog.facts.values()) {
    if (fact.parent === undefined) continue;
    const others = parts.get(fact.parent);
    if (others === undefined) parts.set(fact.parent, [fact]);
    else others.push(fact);
  }
  indexed.set(catalog, parts);
  return parts;
}

/** The plain names of the first list in parentheses of a definition, such as those of a key; undefined where they are expressions. */
export function listNames(definition: string): readonly string[] | undefined {
  const list = /\(((?:"(?:[^"]|"")*"|[^()"])*)\)/.exec(definition)?.[1];
  if (list === undefined) return undefined;
  return [...list.matchAll(/"(?:[^"]|"")*"|[^\s,"]+(?=\s*(?:,|$))/g)].map(([name]) => unquote(name));
}

/** Other words for types, by the one that the server writes (PostgreSQL, "Data Types"). */
const aliases: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  int8: "bigint",
  int2: "smallint",
  bool: "boolean",
  float4: "real",
  float8: "double precision",
  float: "double precision",
  decimal: "numeric",
  varchar: "character varying",
  char: "character",
  timestamptz: "timestamp with time zone",
  timestamp: "timestamp without time zone",
  timetz: "time with time zone",
  time: "time without time zone",
  varbit: "bit varying",
};

/** One word for one type: `varchar(20)` and `character varying(20)` are the same, and so are `public.mood` and `mood`. */
export function normalizeType(text: string): string {
  const [, name = text, rest = ""] = /^\s*([^([]+?)\s*([([].*)?$/.exec(text.toLowerCase()) ?? [];
  return (aliases[name] ?? name.replace(/^public\./, "")) + rest.replaceAll(/\s+/g, "");
}
