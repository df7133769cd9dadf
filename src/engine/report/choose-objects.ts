import type { Catalog, Fact, ObjectKind } from "../model/catalog.ts";

/** Which objects are meant. */
export interface ObjectFilter {
  /** All objects of these schemas, the platform's own too; absent: the user's objects of every schema. */
  readonly schemas?: readonly string[];
  /** `name` or `schema.name`, where `*` stands for anything; absent: all. */
  readonly names?: readonly string[];
}

/** In the order in which they are told. */
const describedKinds: readonly ObjectKind[] = [
  "table",
  "foreign_table",
  "view",
  "materialized_view",
  "enum",
  "domain",
  "composite_type",
  "range",
  "sequence",
  "function",
  "procedure",
  "aggregate",
];

export interface ChosenObjects {
  readonly objects: readonly Fact[];
  /** Given schemas that do not exist. */
  readonly unknownSchemas: readonly string[];
  /** Given names that match nothing. */
  readonly unknownNames: readonly string[];
  /** The schemas and the user's object names that exist, for offering the nearest. */
  readonly knownSchemas: readonly string[];
  readonly knownNames: readonly string[];
}

/** The objects that a filter means, ordered by schema, kind and name. */
export function chooseObjects({ facts }: Catalog, { schemas, names }: ObjectFilter): ChosenObjects {
  const all = [...facts.values()].filter(isDescribed);
  const knownSchemas = [...facts.values()].filter(({ kind }) => kind === "schema").map(({ id }) => id.name);
  const users = all.filter(({ provenance }) => provenance === "user");
  const inSchemas = schemas === undefined ? users : all.filter(({ id }) => schemas.includes(id.schema ?? ""));
  // A qualified name says which schema is meant, and may well name a table of the platform, such as auth.users.
  const matched = names?.map((name) => {
    const matches = toMatcher(name);
    const candidates = schemas === undefined && name.includes(".") ? all : inSchemas;
    return { name, found: candidates.filter((fact) => matches(fact)) };
  });
  const objects = matched === undefined ? inSchemas : [...new Set(matched.flatMap(({ found }) => found))];
  return {
    objects: objects.toSorted(byPlace),
    unknownSchemas: (schemas ?? []).filter((schema) => !knownSchemas.includes(schema)),
    unknownNames: (matched ?? []).filter(({ found }) => found.length === 0).map(({ name }) => name),
    knownSchemas,
    knownNames: [...new Set(users.map(({ id }) => id.name))],
  };
}

/** Sequences behind columns are told with the columns. */
function isDescribed({ kind, attributes }: Fact): boolean {
  if (kind === "sequence") return attributes["identity"] !== true && attributes["ownedBy"] === undefined;
  return describedKinds.includes(kind);
}

function toMatcher(wanted: string): (fact: Fact) => boolean {
  const pattern = wanted
    .split("*")
    .map((part) => part.replace(/[^\w]/gu, String.raw`\$&`))
    .join(".*");
  const whole = new RegExp(`^${pattern}$`, "isu");
  return ({ id }) => whole.test(id.name) || whole.test(`${id.schema ?? ""}.${id.name}`);
}

function byPlace(a: Fact, b: Fact): number {
  return (
    compare(a.id.schema ?? "", b.id.schema ?? "") ||
    describedKinds.indexOf(a.kind) - describedKinds.indexOf(b.kind) ||
    compare(a.id.name, b.id.name) ||
    compare(a.id.signature ?? "", b.id.signature ?? "")
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
