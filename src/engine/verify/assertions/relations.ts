import * as z from "zod";
import type { ObjectKind } from "../../model/catalog.ts";
import { absent, assertion, failed, passed, present, sameSet, type Assertion } from "../assertion.ts";
import { partsAre } from "../parts.ts";
import { findObject, listNames, normalizeType, partsOf } from "../names.ts";

const named = z.strictObject({ name: z.string() });

function has(...kinds: readonly ObjectKind[]): Assertion {
  return assertion(
    named,
    ({ name }, { catalog }) => present(findObject(catalog, name, kinds) !== undefined, name),
    "name",
  );
}

function hasnt(...kinds: readonly ObjectKind[]): Assertion {
  return assertion(
    named,
    ({ name }, { catalog }) => absent(findObject(catalog, name, kinds) !== undefined, name),
    "name",
  );
}

function namesAre(...kinds: readonly ObjectKind[]): Assertion {
  return assertion(
    z.strictObject({ schema: z.string(), names: z.array(z.string()) }),
    ({ schema, names }, { catalog }) =>
      sameSet(
        [...catalog.facts.values()]
          .filter(
            ({ kind, id, provenance }) =>
              kinds.includes(kind) && id.schema === schema && !provenance.startsWith("extension:"),
          )
          .map(({ id }) => id.name),
        names,
      ),
  );
}

const onTable = z.strictObject({ table: z.string() });

function rls(wanted: boolean): Assertion {
  return assertion(
    onTable,
    ({ table }, { catalog }) => {
      const found = findObject(catalog, table, ["table"]);
      if (found === undefined) return failed("no such table", table);
      const isOn = found.attributes["rowSecurity"] === true;
      return isOn === wanted
        ? passed
        : failed(`row security ${isOn ? "on" : "off"}`, `row security ${wanted ? "on" : "off"}`);
    },
    "table",
  );
}

const schemas = (catalog: Parameters<typeof findObject>[0]) =>
  [...catalog.facts.values()].filter(({ kind }) => kind === "schema").map(({ id }) => id.name);

const extensions = (catalog: Parameters<typeof findObject>[0]) =>
  [...catalog.facts.values()].filter(({ kind }) => kind === "extension").map(({ id }) => id.name);

const enumLabels = z.strictObject({ enum: z.string(), labels: z.array(z.string()) });

/** Whether relations, types, schemas and extensions are there, and what they are. */
export const relationAssertions: Readonly<Record<string, Assertion>> = {
  has_schema: assertion(
    named,
    ({ name }, { catalog }) => present(schemas(catalog).includes(name), name),
    "name",
  ),
  hasnt_schema: assertion(
    named,
    ({ name }, { catalog }) => absent(schemas(catalog).includes(name), name),
    "name",
  ),
  has_table: has("table", "foreign_table"),
  hasnt_table: hasnt("table", "foreign_table"),
  has_view: has("view"),
  hasnt_view: hasnt("view"),
  has_materialized_view: has("materialized_view"),
  hasnt_materialized_view: hasnt("materialized_view"),
  has_sequence: has("sequence"),
  has_enum: has("enum"),
  hasnt_enum: hasnt("enum"),
  has_domain: has("domain"),
  has_composite: has("composite_type"),
  tables_are: namesAre("table", "foreign_table"),
  views_are: namesAre("view"),
  enums_are: namesAre("enum"),
  rls_enabled: rls(true),
  rls_disabled: rls(false),
  enum_has_labels: assertion(enumLabels, (args, { catalog }) => {
    const found = findObject(catalog, args.enum, ["enum"]);
    if (found === undefined) return failed("no such enum", args.enum);
    const labels = JSON.stringify(found.attributes["labels"] ?? []);
    return labels === JSON.stringify(args.labels) ? passed : failed(labels, JSON.stringify(args.labels));
  }),
  domain_type_is: assertion(
    z.strictObject({ domain: z.string(), type: z.string() }),
    ({ domain, type }, { catalog }) => {
      const found = findObject(catalog, domain, ["domain"]);
      if (found === undefined) return failed("no such domain", domain);
      const base = String(found.attributes["base"]);
      return normalizeType(base) === normalizeType(type) ? passed : failed(base, type);
    },
  ),
  has_extension: assertion(
    named,
    ({ name }, { catalog }) => present(extensions(catalog).includes(name), name),
    "name",
  ),
  hasnt_extension: assertion(
    named,
    ({ name }, { catalog }) => absent(extensions(catalog).includes(name), name),
    "name",
  ),
  extensions_are: assertion(z.strictObject({ extensions: z.array(z.string()) }), (args, { catalog }) =>
    sameSet(extensions(catalog), args.extensions),
  ),
  has_index: assertion(
    z.strictObject({ table: z.string(), index: z.string(), columns: z.array(z.string()).optional() }),
    ({ table, index, columns }, { catalog }) => {
      const found = findObject(catalog, table, ["table", "materialized_view"]);
      const part = found && partsOf(catalog, found, "index").find(({ id }) => id.name === index);
      if (part === undefined) return failed("no such index", `${index} on ${table}`);
      if (columns === undefined) return passed;
      const have = listNames(String(part.attributes["definition"])) ?? [];
      return JSON.stringify(have) === JSON.stringify(columns)
        ? passed
        : failed(have.join(", "), columns.join(", "));
    },
  ),
  indexes_are: partsAre("indexes", "index"),
  hasnt_index: assertion(
    z.strictObject({ table: z.string(), index: z.string() }),
    ({ table, index }, { catalog }) => {
      const found = findObject(catalog, table, ["table", "materialized_view"]);
      const isThere =
        found !== undefined && partsOf(catalog, found, "index").some(({ id }) => id.name === index);
      return absent(isThere, `${index} on ${table}`);
    },
  ),
  index_is_unique: assertion(
    z.strictObject({ table: z.string(), index: z.string() }),
    ({ table, index }, { catalog }) => {
      const found = findObject(catalog, table, ["table", "materialized_view"]);
      const parts =
        found === undefined
          ? []
          : [...partsOf(catalog, found, "index"), ...partsOf(catalog, found, "constraint")];
      const part = parts.find(({ id }) => id.name === index);
      if (part === undefined) return failed("no such index", `${index} on ${table}`);
      const isUnique =
        part.attributes["unique"] === true ||
        /^(?:unique|primary key)$/.test(String(part.attributes["type"]));
      return isUnique ? passed : failed("an index that is not unique", "a unique index");
    },
  ),
  no_invalid_index: assertion(z.strictObject({}), (_, { catalog }) =>
    sameSet(
      [...catalog.facts.values()]
        .filter(({ kind, attributes }) => kind === "index" && attributes["invalid"] === true)
        .map(({ id }) => `${id.schema}.${id.name}`),
      [],
    ),
  ),
  constraints_validated: assertion(z.strictObject({}), (_, { catalog }) =>
    sameSet(
      [...catalog.facts.values()]
        .filter(({ kind, attributes }) => kind === "constraint" && attributes["notValid"] === true)
        .map(({ id }) => `${id.name} on ${id.schema}.${id.within}`),
      [],
    ),
  ),
};
