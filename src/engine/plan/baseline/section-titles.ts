import type { Fact, ObjectKind } from "../../model/catalog.ts";

/** The heading for an object and everything about it. */
export function titleOf(root: Fact | undefined): string {
  if (root === undefined) return "";
  const word = ownSections[root.kind];
  if (word !== undefined)
    return root.provenance === "user" ? `${word} ${nameOf(root)}` : `On ${nameOf(root)}`;
  return shared[root.kind] ?? "Other objects";
}

/** The heading for a part that could not stand with its object. */
export function titleApart(fact: Fact | undefined, root: Fact): string {
  return (fact === undefined ? undefined : apart[fact.kind]) ?? titleOf(root);
}

/** Kinds that have much about them: each object has a heading of its own. */
const ownSections: Readonly<Partial<Record<ObjectKind, string>>> = {
  foreign_table: "Foreign table",
  materialized_view: "Materialized view",
  table: "Table",
  view: "View",
};

const shared: Readonly<Partial<Record<ObjectKind, string>>> = {
  aggregate: "Functions",
  base_type: "Types",
  composite_type: "Types",
  domain: "Types",
  enum: "Types",
  event_trigger: "Event triggers",
  extension: "Extensions",
  function: "Functions",
  procedure: "Functions",
  publication: "Publications",
  range: "Types",
  schema: "Schemas",
  sequence: "Sequences",
};

const apart: Readonly<Partial<Record<ObjectKind, string>>> = {
  constraint: "Foreign keys and other constraints",
  default: "Defaults",
  grant: "Grants",
  index: "Indexes",
  policy: "Policies",
  publication_table: "Publications",
  trigger: "Triggers",
};

/** A name may hold anything, and a heading is one line. */
function nameOf({ id }: Fact): string {
  const name = id.schema === undefined ? id.name : `${id.schema}.${id.name}`;
  return name.replace(/[\s\p{C}]+/gu, " ");
}
