import type { Catalog, Fact } from "../../model/catalog.ts";
import type { SetUpRole } from "../../model/set-up-rows.ts";
import { quoteIdentifier } from "../../sql/quote.ts";
import type { BaselineStatement } from "./baseline-statement.ts";
import { writeDefaultPrivileges } from "./write-default-privileges.ts";
import { writeRoles } from "./write-roles.ts";

/** What is made before any object: roles, schemas, extensions, default privileges. Each runs where some of it is there already. */
export function writeSetUp(given: {
  /** An empty project of the same kind. */
  readonly fresh: Catalog;
  readonly live: Catalog;
  /** Roles that an empty project does not have. */
  readonly roles: readonly SetUpRole[];
  /** Those that it has. */
  readonly known: ReadonlySet<string>;
}): readonly BaselineStatement[] {
  const { fresh, live, roles, known } = given;
  return [
    ...inSection("Roles", writeRoles(roles, known)),
    ...inSection("Schemas", added(fresh, live, "schema").map(writeSchema(fresh))),
    ...inSection("Extensions", [...dropped(fresh, live), ...installed(live).map(writeExtension)]),
    ...inSection("Default privileges", writeDefaultPrivileges(fresh, live)),
  ];
}

function inSection(section: string, statements: readonly string[]): readonly BaselineStatement[] {
  return statements.map((sql) => ({ section, sql }));
}

function writeSchema({ currentRole }: Catalog): (fact: Fact) => string {
  return ({ id, attributes }) => {
    const { owner } = attributes;
    const isOurs = typeof owner !== "string" || owner === currentRole;
    const authorization = isOurs ? "" : ` authorization ${quoteIdentifier(owner)}`;
    return `create schema if not exists ${quoteIdentifier(id.name)}${authorization}`;
  };
}

/** An extension that is in a schema of its own makes that schema; the version is what the server has. */
function writeExtension({ id, attributes }: Fact): string {
  const { schema, schemaIsOwn } = attributes;
  const isGiven = typeof schema === "string" && schemaIsOwn !== true && schema !== "pg_catalog";
  const where = isGiven ? ` with schema ${quoteIdentifier(schema)}` : "";
  return `create extension if not exists ${quoteIdentifier(id.name)}${where} cascade`;
}

/** The user's facts of a kind that an empty project lacks. */
function added(fresh: Catalog, live: Catalog, kind: Fact["kind"]): readonly Fact[] {
  return [...live.facts.values()].filter(
    (fact) => fact.kind === kind && fact.provenance === "user" && !fresh.facts.has(fact.key),
  );
}

/** Every extension, not only those that an empty project of today lacks: projects of other days start with others. */
function installed(live: Catalog): readonly Fact[] {
  const placed = new Set<Fact>();
  // What another one needs comes first, so that no cascade puts it into the other one's schema.
  const place = (fact: Fact): void => {
    if (placed.has(fact)) return;
    for (const key of fact.dependsOn) {
      const needed = live.facts.get(key);
      if (needed?.kind === "extension" && needed !== fact) place(needed);
    }
    placed.add(fact);
  };
  for (const fact of extensions(live)) place(fact);
  return [...placed].filter(({ id }) => id.name !== "plpgsql");
}

function dropped(fresh: Catalog, live: Catalog): readonly string[] {
  return extensions(fresh)
    .filter((fact) => !live.facts.has(fact.key))
    .map(({ id }) => `drop extension if exists ${quoteIdentifier(id.name)}`);
}

function extensions({ facts }: Catalog): readonly Fact[] {
  return [...facts.values()].filter(({ kind }) => kind === "extension");
}
