import type { Catalog, Fact, Json } from "../model/catalog.ts";

/** Leaves out of both catalogs what only one of their servers can know, so that what differs is no difference of versions. */
export function alignVersions(
  left: Catalog,
  right: Catalog,
): { readonly left: Catalog; readonly right: Catalog } {
  const older = Math.min(majorOf(left), majorOf(right));
  if (older === Math.max(majorOf(left), majorOf(right))) return { left, right };
  return { left: forMajor(left, older), right: forMajor(right, older) };
}

function majorOf(catalog: Catalog): number {
  return Math.floor(catalog.serverVersion / 10_000);
}

function forMajor(catalog: Catalog, major: number): Catalog {
  const facts = [...catalog.facts.values()].flatMap((fact) => factForMajor(fact, major));
  return { ...catalog, facts: new Map(facts.map((fact) => [fact.key, fact])) };
}

/** MAINTAIN came with 17, stored NOT NULL constraints of tables with 18 (PostgreSQL release notes). */
function factForMajor(fact: Fact, major: number): readonly Fact[] {
  const isPrivilege = fact.kind === "grant" || fact.kind === "default_privilege";
  if (major < 17 && isPrivilege && fact.id.name === "MAINTAIN") return [];
  if (major < 17 && ("ownerLacks" in fact.attributes || "ownerOptions" in fact.attributes))
    return [withoutMaintain(fact)];
  if (major < 18 && fact.kind === "column") return [without(fact, ["notNullName", "notNullNoInherit"])];
  return [fact];
}

function without(fact: Fact, names: readonly string[]): Fact {
  const kept = Object.entries(fact.attributes).filter(([name]) => !names.includes(name));
  const attributes: Readonly<Record<string, Json>> = Object.fromEntries(kept);
  return { ...fact, attributes };
}

function withoutMaintain(fact: Fact): Fact {
  const attributes = Object.entries(fact.attributes).flatMap(([name, value]) => {
    if ((name !== "ownerLacks" && name !== "ownerOptions") || !Array.isArray(value)) return [[name, value]];
    const kept = value.filter((privilege) => privilege !== "MAINTAIN");
    return kept.length === 0 ? [] : [[name, kept]];
  });
  return { ...fact, attributes: Object.fromEntries(attributes) };
}
