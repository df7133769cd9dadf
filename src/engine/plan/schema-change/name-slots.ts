import type { Fact } from "../../model/catalog.ts";
import { qualify } from "./names.ts";
import { textOf } from "./world.ts";

const relations: ReadonlySet<string> = new Set([
  "table",
  "foreign_table",
  "view",
  "materialized_view",
  "sequence",
  "index",
  "composite_type",
]);
const types: ReadonlySet<string> = new Set([
  "table",
  "foreign_table",
  "view",
  "materialized_view",
  "composite_type",
  "enum",
  "domain",
  "range",
  "base_type",
]);
const routines: ReadonlySet<string> = new Set(["function", "procedure", "aggregate"]);
const named: ReadonlySet<string> = new Set([...relations, ...types, ...routines, "constraint"]);

/** The names that an object occupies: kinds that share a namespace give equal texts. */
export function findSlots(fact: Fact): readonly string[] {
  if (!named.has(fact.kind)) return [];
  const name = qualify(fact.id.schema, fact.id.name);
  const isKey = ["primary key", "unique", "exclusion"].includes(textOf(fact, "type") ?? "");
  return [
    ...(relations.has(fact.kind) || (fact.kind === "constraint" && isKey) ? [`relation ${name}`] : []),
    ...(types.has(fact.kind) ? [`type ${name}`] : []),
    ...(routines.has(fact.kind) ? [`routine ${name}(${fact.id.signature ?? ""})`] : []),
    ...(fact.kind === "constraint"
      ? [`constraint ${qualify(fact.id.schema, fact.id.within)} ${fact.id.name}`]
      : []),
    // A table has one primary key, whatever it is called.
    ...(textOf(fact, "type") === "primary key"
      ? [`primary key ${qualify(fact.id.schema, fact.id.within)}`]
      : []),
  ];
}
