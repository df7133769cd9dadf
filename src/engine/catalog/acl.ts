import type { Grantee, ObjectKind } from "../model/catalog.ts";

/** One privilege that someone holds. The grantor is left out: it says who, not what. */
export interface Privilege {
  readonly grantee: Grantee;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** What has privileges of its own set. */
export type GrantableKind =
  | "table"
  | "column"
  | "sequence"
  | "function"
  | "type"
  | "schema"
  | "language"
  | "foreign_data_wrapper"
  | "server"
  | "large_object";

/** The letters of an access control list (PostgreSQL documentation, "Privileges"). */
const letters: Readonly<Record<string, string>> = {
  r: "SELECT",
  a: "INSERT",
  w: "UPDATE",
  d: "DELETE",
  D: "TRUNCATE",
  x: "REFERENCES",
  t: "TRIGGER",
  m: "MAINTAIN",
  X: "EXECUTE",
  U: "USAGE",
  C: "CREATE",
  c: "CONNECT",
  T: "TEMPORARY",
  s: "SET",
  A: "ALTER SYSTEM",
};

const tablePrivileges = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];

/** What an owner holds without any grant; of tables since 17 also MAINTAIN. */
const ownerPrivileges: Readonly<Record<GrantableKind, readonly string[]>> = {
  table: tablePrivileges,
  column: [],
  sequence: ["SELECT", "UPDATE", "USAGE"],
  function: ["EXECUTE"],
  type: ["USAGE"],
  schema: ["USAGE", "CREATE"],
  language: ["USAGE"],
  foreign_data_wrapper: ["USAGE"],
  server: ["USAGE"],
  large_object: ["SELECT", "UPDATE"],
};

/** What everyone holds without any grant. */
const everyonesPrivileges: Partial<Readonly<Record<GrantableKind, readonly string[]>>> = {
  function: ["EXECUTE"],
  type: ["USAGE"],
  language: ["USAGE"],
};

const grantableKinds: Partial<Readonly<Record<ObjectKind, GrantableKind>>> = {
  aggregate: "function",
  base_type: "type",
  column: "column",
  composite_type: "type",
  domain: "type",
  enum: "type",
  foreign_data_wrapper: "foreign_data_wrapper",
  foreign_table: "table",
  function: "function",
  language: "language",
  materialized_view: "table",
  procedure: "function",
  range: "type",
  schema: "schema",
  sequence: "sequence",
  server: "server",
  table: "table",
  view: "table",
};

/** What others than the owner may do, and what the owner may not do any more. */
export interface Access {
  readonly granted: readonly Privilege[];
  readonly ownerLacks: readonly string[];
  /** What the owner was given the grant option of; it has it anyway, but pg_dump shows that it was given. */
  readonly ownerOptions: readonly string[];
}

/** Reads an object's access control list; null is the built-in default. */
export function readAccess(object: {
  readonly kind: ObjectKind;
  readonly owner: string | undefined;
  readonly acl: readonly string[] | null;
  readonly serverVersion: number;
}): Access {
  const kind = grantableKinds[object.kind];
  if (kind === undefined) return { granted: [], ownerLacks: [], ownerOptions: [] };
  if (object.acl === null) {
    const granted = (everyonesPrivileges[kind] ?? []).map((privilege) => ({
      grantee: { kind: "everyone" } as const,
      privilege,
      grantable: false,
    }));
    return { granted, ownerLacks: [], ownerOptions: [] };
  }
  const all = [...privilegesOf(parseAcl(object.acl)).values()];
  const isOwners = ({ grantee }: Privilege) => grantee.kind === "role" && grantee.name === object.owner;
  const owners = new Set(all.filter(isOwners).map(({ privilege }) => privilege));
  return {
    granted: all.filter((privilege) => !isOwners(privilege)),
    ownerLacks: ownersOf(kind, object.serverVersion).filter((privilege) => !owners.has(privilege)),
    ownerOptions: all
      .filter((privilege) => isOwners(privilege) && privilege.grantable)
      .map(({ privilege }) => privilege)
      .toSorted(),
  };
}

/** MAINTAIN came with 17 (PostgreSQL release notes). */
function ownersOf(kind: GrantableKind, serverVersion: number): readonly string[] {
  const known = ownerPrivileges[kind];
  return kind === "table" && serverVersion >= 170_000 ? [...known, "MAINTAIN"] : known;
}

/** The privileges in entries as Postgres prints them, such as `anon=ar*w/postgres` or `"a ""b"""=U/c`. Throws on anything else. */
export function parseAcl(entries: readonly string[]): readonly Privilege[] {
  return entries.flatMap(parseEntry);
}

/** Privileges by grantee and name; one given by several grantors is one, grantable where any of them made it so. */
export function privilegesOf(privileges: readonly Privilege[]): ReadonlyMap<string, Privilege> {
  const byKey = new Map<string, Privilege>();
  for (const privilege of privileges) {
    const key = JSON.stringify([privilege.grantee, privilege.privilege]);
    const known = byKey.get(key);
    if (known === undefined || privilege.grantable) byKey.set(key, privilege);
  }
  return byKey;
}

function parseEntry(entry: string): readonly Privilege[] {
  const match = /^(?:"((?:[^"]|"")*)"|([^"=]*))=((?:[a-zA-Z]\*?)*)\//.exec(entry);
  if (match === null) throw new Error(`Not an access control entry: ${entry}`);
  const name = match[1]?.replaceAll('""', '"') ?? match[2] ?? "";
  const grantee: Grantee = name === "" ? { kind: "everyone" } : { kind: "role", name };
  return [...(match[3] ?? "").matchAll(/([a-zA-Z])(\*?)/g)].map(([, letter, star]) => ({
    grantee,
    privilege: letters[letter ?? ""] ?? `UNKNOWN ${letter}`,
    grantable: star === "*",
  }));
}
