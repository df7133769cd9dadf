import { factOf } from "../../compare/change-id.ts";
import type { Change, FactKey } from "../../model/catalog.ts";
import { isRedacted } from "../schema-change/rules/foreign-options.ts";

/** Differences that a secret alone keeps open, since no catalog shows it and no file may hold it; each is made by hand in a new database. */
export function findSecrets(differences: readonly Change[]): readonly Change[] {
  const missing = new Set<FactKey>(
    differences.flatMap((change) =>
      change.kind === "removed" && holdsSecret(change) ? [change.fact.key] : [],
    ),
  );
  return differences.filter((change) => {
    if (change.kind === "altered") return change.after === undefined && isRedacted(change.before);
    const { on } = factOf(change).id;
    return change.kind === "removed" && (missing.has(change.key) || (on !== undefined && missing.has(on)));
  });
}

/** What these are, for people. */
export function describeSecrets(secrets: readonly Change[]): readonly string[] {
  const keys = new Set(secrets.filter((change) => factOf(change).kind !== "comment").map(({ key }) => key));
  return [...keys].map(
    (key) =>
      `${key.replace(/^\w+/, (kind) => kind.replaceAll("_", " "))}: it holds a secret, and detect_drift goes on naming it`,
  );
}

/** A subscription's connection is one. */
function holdsSecret(change: Extract<Change, { kind: "removed" }>): boolean {
  const { kind, attributes } = change.fact;
  return kind === "subscription" || Object.values(attributes).some(isRedacted);
}
