import type { Fact, Grantee, ObjectKind } from "../../model/catalog.ts";
import { isGoing, isSet, textOf, type World } from "./world.ts";

/** One privilege that someone is to have or has. */
export interface Grant {
  readonly grantee: Grantee;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** What everyone may do with a new object (PostgreSQL documentation, "Privileges"). */
const builtIn: Readonly<Partial<Record<ObjectKind, string>>> = {
  aggregate: "EXECUTE",
  base_type: "USAGE",
  composite_type: "USAGE",
  domain: "USAGE",
  enum: "USAGE",
  function: "EXECUTE",
  language: "USAGE",
  procedure: "EXECUTE",
  range: "USAGE",
};

/** As ALTER DEFAULT PRIVILEGES groups kinds. */
const defaultGroups: Readonly<Partial<Record<ObjectKind, string>>> = {
  aggregate: "functions",
  base_type: "types",
  composite_type: "types",
  domain: "types",
  enum: "types",
  foreign_table: "tables",
  function: "functions",
  materialized_view: "tables",
  procedure: "functions",
  range: "types",
  schema: "schemas",
  sequence: "sequences",
  table: "tables",
  view: "tables",
};

/** The privileges that an object has as soon as the planning role has made it, by the default privileges that stay: others go first, and new ones come last. */
export function initialPrivileges(object: Fact, world: World): readonly Grant[] {
  const group = defaultGroups[object.kind];
  const defaults = world.defaultPrivileges.filter(
    (fact) =>
      !isGoing(world, fact.key) &&
      textOf(fact, "role") === world.currentRole &&
      textOf(fact, "objectType") === group &&
      (fact.id.schema === undefined || fact.id.schema === object.id.schema),
  );
  const everyone: Grantee = { kind: "everyone" };
  const privilege = builtIn[object.kind];
  const isRevoked = defaults.some((fact) => isSet(fact, "revoked") && fact.id.grantee?.kind === "everyone");
  const granted = defaults
    .filter((fact) => !isSet(fact, "revoked"))
    .flatMap(({ id, attributes }) =>
      id.grantee === undefined
        ? []
        : [{ grantee: id.grantee, privilege: id.name, grantable: attributes["grantable"] === true }],
    );
  return [
    ...(privilege === undefined || isRevoked ? [] : [{ grantee: everyone, privilege, grantable: false }]),
    ...granted,
  ];
}
