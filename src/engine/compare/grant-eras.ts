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

/** The live catalog with the default privileges of the era that it is not in; undefined where it is in neither. */
export function inOtherEra(live: Catalog): Catalog | undefined {
  const defaults = [...live.facts.values()].filter(isEraDefault);
  if (defaults.length === 0) return undefined;
  const facts = new Map(live.facts);
  const old = defaults.filter(({ id }) => privilegesOfTheOldEra.includes(id.name));
  for (const { key } of old) facts.delete(key);
  if (old.length > 0) return { ...live, facts };
  for (const fact of defaults.flatMap(asOldEra)) facts.set(fact.key, fact);
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

function isEraDefault({ kind, id, attributes }: Fact): boolean {
  if (kind !== "default_privilege" || id.schema !== "public" || !isToInterface(id)) return false;
  return attributes["role"] === "postgres" && attributes["objectType"] === "tables";
}

function asOldEra(fact: Fact): readonly Fact[] {
  return privilegesOfTheOldEra.map((name) => {
    const id = { ...fact.id, name };
    return { ...fact, id, key: factKey(id) };
  });
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
  const on: FactKey | undefined = id.on;
  return `${on ?? ""} to ${id.grantee?.kind === "role" ? id.grantee.name : ""}`;
}
