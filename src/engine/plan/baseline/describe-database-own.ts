import { factOf } from "../../compare/change-id.ts";
import { isPlatformSetting } from "../../compare/sort-changes.ts";
import { databaseKey, type Change, type Fact } from "../../model/catalog.ts";

/** What is set for the database itself, and given on it: it belongs to the one database, so that a baseline names it and does not hold it. */
export function describeDatabaseOwn(changes: readonly Change[]): readonly string[] {
  return changes
    .filter((change) => change.kind !== "removed")
    .map(factOf)
    .flatMap((fact) => describe(fact) ?? []);
}

function describe(fact: Fact): string | undefined {
  const { kind, id } = fact;
  const role = id.grantee?.kind === "role" ? ` of role ${JSON.stringify(id.grantee.name)}` : "";
  if (kind === "setting") {
    return isPlatformSetting(fact) ? undefined : `setting ${JSON.stringify(id.name)} of the database${role}`;
  }
  if (id.on !== databaseKey) return undefined;
  return kind === "grant" ? `${id.name} on the database${role}` : `${kind} of the database`;
}
