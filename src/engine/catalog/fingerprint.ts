import { createHash } from "node:crypto";
import type { Catalog, Fact } from "../model/catalog.ts";
import type { SchemaFingerprint } from "../model/plan.ts";

/** Hexadecimal digits kept of each object's digest: enough to see that it changed. */
const objectDigits = 16;

/**
 * What a schema is, as digests: of every object that is the user's, and of all together. What belongs to the platform or an
 * extension, and the history's own tables, count for nothing: they change without anybody's migration.
 */
export function fingerprintSchema(catalog: Catalog): SchemaFingerprint {
  const objects = [...catalog.facts.values()]
    .filter((fact) => fact.provenance === "user" && !isHistory(fact))
    .map((fact) => [String(fact.key), digestOf(fact)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash("sha256").update(JSON.stringify(objects)).digest("hex");
  return { digest, objects: new Map(objects) };
}

function isHistory(fact: Fact): boolean {
  return /"supabase_migrations"(?:\.|$| )/.test(fact.key);
}

function digestOf({ attributes, statement }: Fact): string {
  const value = JSON.stringify([sortKeys(attributes), statement ?? null]);
  return createHash("sha256").update(value).digest("hex").slice(0, objectDigits);
}

function sortKeys(attributes: Fact["attributes"]): readonly unknown[] {
  return Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
