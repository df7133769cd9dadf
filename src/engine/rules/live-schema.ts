import { factKey, type Catalog, type Fact, type ObjectKind } from "../model/catalog.ts";
import { keyOf, type Name } from "./names.ts";

/** What is known of live tables beside their definitions, by `schema.table`; a table that is not listed is unknown. */
export interface TableFacts {
  /** Rows, as the server counts or estimates them. */
  readonly rows?: ReadonlyMap<string, number>;
  /** Size of the rows on disk, without indexes. */
  readonly bytes?: ReadonlyMap<string, number>;
  /** Who has held the table for long now, as the beginning of a sentence. */
  readonly holders?: ReadonlyMap<string, string>;
}

/** What rules ask a catalog. Names without a schema are looked up in `public`. */
export interface LiveSchema {
  readonly find: (kind: ObjectKind, name: Name) => Fact | undefined;
  /** A part of a relation, such as a column or a constraint. */
  readonly findPart: (kind: ObjectKind, relation: Name, name: string) => Fact | undefined;
  /** Every part of one kind. */
  readonly partsOf: (kind: ObjectKind, relation: Name) => readonly Fact[];
  readonly all: (kind: ObjectKind) => readonly Fact[];
  /** Undefined where nobody counted. */
  readonly isEmpty: (table: Name) => boolean | undefined;
  readonly rowsOf: (table: Name) => number | undefined;
  readonly bytesOf: (table: Name) => number | undefined;
  readonly holderOf: (table: Name) => string | undefined;
  /** Whether row level security is on; undefined where there is no such table. */
  readonly hasRowSecurity: (table: Name) => boolean | undefined;
  /** Every object that needs this one, by its key in the catalog. */
  readonly dependantsOf: (fact: Fact) => readonly Fact[];
  /** Major version of the server, such as 17. */
  readonly major: number;
  /** False where the database has none of Supabase's roles, so that nothing is open to them. */
  readonly isSupabase: boolean;
}

/** Looks at a catalog with the eyes of the rules. */
export function toLiveSchema(
  catalog: Catalog,
  { rows = new Map(), bytes, holders }: TableFacts = {},
): LiveSchema {
  const facts = [...catalog.facts.values()];
  const byRelation = new Map<string, Fact[]>();
  const byKind = new Map<ObjectKind, Fact[]>();
  for (const fact of facts) {
    add(byKind, fact.kind, fact);
    if (fact.id.within !== undefined) add(byRelation, `${fact.id.schema ?? ""}.${fact.id.within}`, fact);
  }
  const find = (kind: ObjectKind, { schema = "public", name }: Name) =>
    catalog.facts.get(factKey({ kind, schema, name }));
  return {
    find,
    findPart: (kind, { schema = "public", name: within }, name) =>
      catalog.facts.get(factKey({ kind, schema, within, name })),
    partsOf: (kind, relation) => (byRelation.get(keyOf(relation)) ?? []).filter((fact) => fact.kind === kind),
    all: (kind) => byKind.get(kind) ?? [],
    isEmpty: (table) => {
      const count = rows.get(keyOf(table));
      return count === undefined ? undefined : count === 0;
    },
    rowsOf: (table) => rows.get(keyOf(table)),
    bytesOf: (table) => bytes?.get(keyOf(table)),
    holderOf: (table) => holders?.get(keyOf(table)),
    hasRowSecurity: (table) => {
      const fact = find("table", table);
      return fact === undefined ? undefined : fact.attributes["rowSecurity"] === true;
    },
    dependantsOf: (fact) => dependants(facts, fact),
    major: Math.floor(catalog.serverVersion / 10_000),
    isSupabase: facts.some(
      ({ kind, id }) =>
        (kind === "schema" && id.name === "auth") ||
        (id.grantee?.kind === "role" && id.grantee.name === "anon"),
    ),
  };
}

function add<Key>(map: Map<Key, Fact[]>, key: Key, fact: Fact): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [fact]);
  else list.push(fact);
}

/** Parts of the object itself do not count: they go with it in any case. */
function dependants(facts: readonly Fact[], start: Fact): readonly Fact[] {
  const reached = new Set<string>([start.key]);
  const found: Fact[] = [];
  for (let grew = true; grew;) {
    grew = false;
    for (const fact of facts) {
      if (reached.has(fact.key)) continue;
      const isPart = fact.parent !== undefined && reached.has(fact.parent);
      if (!isPart && !fact.dependsOn.some((key) => reached.has(key))) continue;
      reached.add(fact.key);
      grew = true;
      if (!isPart && fact.kind !== "grant" && fact.kind !== "comment") found.push(fact);
    }
  }
  return found;
}
