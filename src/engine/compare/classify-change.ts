import type { Change, ObjectKind } from "../model/catalog.ts";

/** What a difference is about, the gravest first. */
export const changeClasses = ["security", "structural", "behavioural", "cosmetic"] as const;
export type ChangeClass = (typeof changeClasses)[number];

/** Objects that decide who may do what. */
const securityKinds = new Set<ObjectKind>([
  "policy",
  "grant",
  "default_privilege",
  "security_label",
  "user_mapping",
]);

/** Attributes that decide who may do what, whatever the object. */
const securityAttributes = new Set([
  "owner",
  "ownerLacks",
  "rowSecurity",
  "forceRowSecurity",
  "securityDefiner",
  "leakproof",
  "option.security_invoker",
  "option.security_barrier",
  "option.check_option",
  "setting.search_path",
  "setting.role",
]);

/** Objects that decide what happens when rows or the schema change. */
const behaviouralKinds = new Set<ObjectKind>([
  "aggregate",
  "default",
  "event_trigger",
  "function",
  "procedure",
  "publication",
  "publication_schema",
  "publication_table",
  "rule",
  "setting",
  "subscription",
  "trigger",
]);

const cosmeticKinds = new Set<ObjectKind>(["comment", "statistics"]);

/** Attributes that change neither what is stored nor what is allowed. */
const cosmeticAttributes = new Set([
  "ownerOptions",
  "clustered",
  "compression",
  "cost",
  "notNullName",
  "rows",
  "statisticsTarget",
  "statisticsTargets",
  "storage",
  "tablespace",
]);

/** The class of one difference between two catalogs. */
export function classifyChange(change: Change): ChangeClass {
  const kind = change.kind === "altered" ? change.to.kind : change.fact.kind;
  const attribute = change.kind === "altered" ? change.attribute : undefined;
  if (securityKinds.has(kind)) return "security";
  if (attribute !== undefined && securityAttributes.has(attribute)) return "security";
  if (cosmeticKinds.has(kind)) return "cosmetic";
  const isCosmetic =
    attribute !== undefined && (cosmeticAttributes.has(attribute) || isStorageOption(attribute));
  if (isCosmetic) return "cosmetic";
  return behaviouralKinds.has(kind) ? "behavioural" : "structural";
}

/** Storage parameters and n_distinct are options too; those of views that matter are named above. */
function isStorageOption(attribute: string): boolean {
  return attribute.startsWith("option.");
}
