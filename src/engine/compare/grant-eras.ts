import { factKey, type Catalog, type Change, type Fact, type FactKey } from "../model/catalog.ts";
import { changeId, factOf } from "./change-id.ts";

/** The roles that Supabase's HTTP interface acts as. */
const interfaceRoles: ReadonlySet<string> = new Set(["anon", "authenticated", "service_role"]);

/**
 * What new tables no longer grant to the interface's roles, on new projects from 2026-05-30 and on all from 2026-10-30 (drift.md 7.2).
 * Tables from before keep what they were granted.
 */
const privilegesOfTheOldEra = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/** The changes that another era's default privileges may explain. */
export function findEraCandidates(changes: readonly Change[]): readonly Change[] {
  return changes.filter((change) => {
    const { kind, id, provenance } = factOf(change);
    return kind === "grant" && provenance === "user" && isToInterface(id);
  });
}

/**
 * The live catalog as if all its tables were of the other era: what its default privileges and its tables' grants say, from which a replay
 * reads the era.
 */
export function asOfOtherEra(
  live: Catalog,
  era: { readonly defaults: readonly Fact[]; readonly isOld: boolean },
): Catalog {
  const defaults = era.defaults.filter(
    ({ id, attributes }) => attributes["objectType"] === "tables" && privilegesOfTheOldEra.includes(id.name),
  );
  const grants = [...live.facts.values()]
    .filter(isTableOfPublic)
    .flatMap(({ key }) => grantsOfTheOldEra(key));
  const facts = new Map(live.facts);
  for (const fact of [...defaults, ...grants]) {
    if (era.isOld) facts.delete(fact.key);
    else facts.set(fact.key, fact);
  }
  return { ...live, facts };
}

/**
 * The ids of those grants that the live schema has as the files make them in the other era. What a file revoked by itself is missing in
 * both eras and stays a difference.
 */
export function findEraGrants(
  candidates: readonly Change[],
  live: Catalog,
  otherEra: Catalog,
): ReadonlySet<string> {
  const ours = groupGrants(live);
  const theirs = groupGrants(otherEra);
  const isExplained = (fact: Fact) => ours.get(groupOf(fact)) === theirs.get(groupOf(fact));
  return new Set(candidates.filter((change) => isExplained(factOf(change))).map(changeId));
}

/** The files' catalog with these grants as the live schema has them, so that no plan touches them. */
export function withGrantsOf(live: Catalog, files: Catalog, candidates: readonly Change[]): Catalog {
  const facts = new Map(files.facts);
  for (const { key } of candidates) {
    const own = live.facts.get(key);
    if (own === undefined) facts.delete(key);
    else facts.set(key, own);
  }
  return { ...files, facts };
}

function isToInterface({ grantee }: Fact["id"]): boolean {
  return grantee?.kind === "role" && interfaceRoles.has(grantee.name);
}

const tableLike: ReadonlySet<string> = new Set(["table", "view", "materialized_view", "foreign_table"]);

function isTableOfPublic({ kind, id, provenance }: Fact): boolean {
  return tableLike.has(kind) && id.schema === "public" && provenance === "user";
}

function grantsOfTheOldEra(on: FactKey): readonly Fact[] {
  return [...interfaceRoles].flatMap((role) =>
    privilegesOfTheOldEra.map((name): Fact => {
      const id = { kind: "grant", name, on, grantee: { kind: "role", name: role } } as const;
      const key = factKey(id);
      return {
        key,
        kind: "grant",
        id,
        parent: on,
        attributes: {},
        dependsOn: [],
        mayUse: [],
        provenance: "user",
      };
    }),
  );
}

/** What each role of the interface may do with each object, as comparable texts. */
function groupGrants({ facts }: Catalog): ReadonlyMap<string, string> {
  const groups = new Map<string, string[]>();
  for (const fact of facts.values()) {
    if (fact.kind !== "grant" || !isToInterface(fact.id)) continue;
    const privilege = `${fact.id.name}${fact.attributes["grantable"] === true ? "*" : ""}`;
    groups.set(groupOf(fact), [...(groups.get(groupOf(fact)) ?? []), privilege]);
  }
  return new Map([...groups].map(([group, privileges]) => [group, privileges.toSorted().join(" ")]));
}

function groupOf({ id }: Fact): string {
  return `${id.on ?? ""} to ${id.grantee?.kind === "role" ? id.grantee.name : ""}`;
}
