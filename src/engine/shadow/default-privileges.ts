import {
  factKey,
  type Catalog,
  type Fact,
  type FactKey,
  type Grantee,
  type ObjectKind,
} from "../model/catalog.ts";
import type { ReplayFile } from "./replay-file.ts";

/** A default privilege: whose new objects of which kind give what to whom. */
interface Wanted {
  readonly role: string;
  readonly schema: string | undefined;
  readonly objectType: string;
  readonly privilege: string;
  readonly grantee: Grantee;
}

/** What live objects tell of a default privilege: whether it was in force when most of them were made. */
export type Evidence = "in force" | "not in force" | "nothing to tell";

const kinds: Readonly<Record<string, readonly ObjectKind[]>> = {
  tables: ["table", "view", "materialized_view", "foreign_table"],
  sequences: ["sequence"],
  functions: ["function", "procedure", "aggregate"],
  types: ["enum", "domain", "composite_type", "range", "base_type"],
  schemas: ["schema"],
};

/** Reads from the live objects' grants which default privileges the files met; for asking often. */
export function gatherEvidence(live: Catalog): (fact: Fact) => Evidence {
  const byPlace = groupByPlace(live);
  return (fact) => {
    const wanted = toWanted(fact);
    const made = byPlace.get(placeOf(wanted.objectType, wanted.role, wanted.schema)) ?? [];
    const granted = made.filter((on) =>
      live.facts.has(factKey({ kind: "grant", name: wanted.privilege, on, grantee: wanted.grantee })),
    ).length;
    const fitting = fact.attributes["revoked"] === true ? made.length - granted : granted;
    if (made.length === 0) return "nothing to tell";
    return fitting * 2 > made.length ? "in force" : "not in force";
  };
}

/** The user's objects by type, owner and schema, and once more by type and owner alone. */
function groupByPlace(live: Catalog): ReadonlyMap<string, readonly FactKey[]> {
  const typeOf = new Map(
    Object.entries(kinds).flatMap(([type, members]) => members.map((kind) => [kind, type])),
  );
  const groups = new Map<string, FactKey[]>();
  for (const { key, kind, id, parent, attributes, provenance } of live.facts.values()) {
    const type = typeOf.get(kind);
    if (type === undefined || provenance !== "user" || parent !== undefined) continue;
    for (const schema of new Set([id.schema, undefined])) {
      const place = placeOf(type, String(attributes["owner"]), schema);
      const group = groups.get(place);
      if (group === undefined) groups.set(place, [key]);
      else group.push(key);
    }
  }
  return groups;
}

function placeOf(type: string, owner: string, schema: string | undefined): string {
  return JSON.stringify([type, owner, schema]);
}

/** True where a file itself sets default privileges for the grantee: they then hold from that file on, and not before. */
export function isSetByFiles({ id: { grantee } }: Fact, files: readonly ReplayFile[]): boolean {
  const name = grantee?.kind === "role" ? grantee.name : "public";
  return files.some(({ sql }) =>
    (sql.match(/alter\s+default\s+privileges[^;]*/gi) ?? []).some((text) =>
      text.toLowerCase().includes(name.toLowerCase()),
    ),
  );
}

const apiRoles: ReadonlySet<string> = new Set(["anon", "authenticated", "service_role"]);

/** True for what the platform itself has given new objects in `public` and, for projects since 2026-05-30, gives no more (drift.md 7.2). */
export function isOfGrantEra(fact: Fact): boolean {
  const { role, schema, grantee } = toWanted(fact);
  return role === "postgres" && schema === "public" && grantee.kind === "role" && apiRoles.has(grantee.name);
}

/** The default privileges that differ from one grant era to the next, as of both. */
export function listGrantEra(): readonly Fact[] {
  const privileges = {
    tables: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"],
    sequences: ["SELECT", "UPDATE", "USAGE"],
    functions: ["EXECUTE"],
  };
  return Object.entries(privileges).flatMap(([objectType, names]) =>
    names.flatMap((privilege) =>
      [...apiRoles].map((name) =>
        toFact({
          role: "postgres",
          schema: "public",
          objectType,
          privilege,
          grantee: { kind: "role", name },
        }),
      ),
    ),
  );
}

/** True for a default privilege that only the platform's grant era decides. */
export function isDefaultOfEra(fact: Fact): boolean {
  return fact.kind === "default_privilege" && isOfGrantEra(fact);
}

/** The files' catalog with the platform's own default privileges as they are live: which era a project is in is no drift. */
export function alignGrantEra(files: Catalog, live: Catalog): Catalog {
  const kept = [...files.facts.values()].filter((fact) => !isDefaultOfEra(fact));
  const facts = [...kept, ...[...live.facts.values()].filter(isDefaultOfEra)];
  return { ...files, facts: new Map(facts.map((fact) => [fact.key, fact])) };
}

function toWanted({ id, attributes }: Fact): Wanted {
  return {
    role: String(attributes["role"]),
    schema: id.schema,
    objectType: String(attributes["objectType"]),
    privilege: id.name,
    grantee: id.grantee ?? { kind: "everyone" },
  };
}

function toFact({ role, schema, objectType, privilege, grantee }: Wanted): Fact {
  const id = {
    kind: "default_privilege",
    ...(schema === undefined ? {} : { schema }),
    name: privilege,
    signature: `on ${objectType} of ${JSON.stringify(role)}`,
    grantee,
  } as const;
  return {
    key: factKey(id),
    kind: "default_privilege",
    id,
    attributes: { role, objectType },
    dependsOn: [],
    mayUse: [],
    provenance: "user",
  };
}
