import type { Catalog, Fact } from "../../model/catalog.ts";
import { quoteIdentifier } from "../../sql/quote.ts";

/**
 * Default privileges in full, and not as a difference from an empty project: what an empty project grants depends on the day
 * it was made (drift.md 7.2), and every object made afterwards takes its privileges from them.
 */
export function writeDefaultPrivileges(fresh: Catalog, live: Catalog): readonly string[] {
  const before = groupFacts(fresh);
  const after = groupFacts(live);
  const heads = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return heads.flatMap((head) => {
    const own = after.get(head) ?? [];
    const others = before.get(head) ?? [];
    // Those of no schema stand in place of the built-in ones, which nothing may take away by the way.
    return own.concat(others).some(({ id }) => id.schema === undefined)
      ? writeDifference(head, others, own)
      : writeInFull(head, others, own);
  });
}

/** By the beginning of the statement and what it is on, such as `alter default privileges … in schema "public"|tables`. */
function groupFacts({ facts }: Catalog): ReadonlyMap<string, readonly Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts.values()) {
    if (fact.kind !== "default_privilege" || fact.provenance !== "user") continue;
    const head = headOf(fact);
    const group = groups.get(head);
    if (group === undefined) groups.set(head, [fact]);
    else group.push(fact);
  }
  return groups;
}

function headOf({ id, attributes }: Fact): string {
  const where = id.schema === undefined ? "" : ` in schema ${quoteIdentifier(id.schema)}`;
  const role = quoteIdentifier(String(attributes["role"]));
  return `alter default privileges for role ${role}${where} {} on ${String(attributes["objectType"])}`;
}

function writeInFull(head: string, before: readonly Fact[], after: readonly Fact[]): readonly string[] {
  const grantees = [...new Set([...before, ...after].map(granteeOf))].toSorted();
  const revoke = `${head.replace("{}", "revoke all")} from ${grantees.join(", ")}`;
  return [revoke, ...writeGrants(head, after)];
}

function writeDifference(head: string, before: readonly Fact[], after: readonly Fact[]): readonly string[] {
  const kept = new Set(after.map(({ key }) => key));
  const gone = before.filter(({ key }) => !kept.has(key));
  return [
    ...writeGrants(head, [...gone.filter(isRevoked), ...after.filter((fact) => !isRevoked(fact))]),
    ...[...gone.filter((fact) => !isRevoked(fact)), ...after.filter(isRevoked)].map(
      (fact) => `${head.replace("{}", `revoke ${fact.id.name.toLowerCase()}`)} from ${granteeOf(fact)}`,
    ),
  ];
}

/** One statement for all who get the same. */
function writeGrants(head: string, facts: readonly Fact[]): readonly string[] {
  const byPrivileges = new Map<string, string[]>();
  for (const grantable of [false, true]) {
    const byGrantee = new Map<string, string[]>();
    for (const fact of facts) {
      if ((fact.attributes["grantable"] === true) !== grantable) continue;
      const grantee = granteeOf(fact);
      byGrantee.set(grantee, [...(byGrantee.get(grantee) ?? []), fact.id.name.toLowerCase()]);
    }
    for (const [grantee, names] of byGrantee) {
      const tail = `${names.toSorted().join(", ")}|${grantable ? " with grant option" : ""}`;
      byPrivileges.set(tail, [...(byPrivileges.get(tail) ?? []), grantee]);
    }
  }
  return [...byPrivileges].map(([tail, grantees]) => {
    const [names = "", option = ""] = tail.split("|");
    return `${head.replace("{}", `grant ${names}`)} to ${grantees.toSorted().join(", ")}${option}`;
  });
}

function isRevoked({ attributes }: Fact): boolean {
  return attributes["revoked"] === true;
}

function granteeOf({ id }: Fact): string {
  return id.grantee?.kind === "role" ? quoteIdentifier(id.grantee.name) : "public";
}
