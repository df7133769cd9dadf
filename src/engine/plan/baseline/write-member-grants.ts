import { isToProject } from "../../compare/sort-changes.ts";
import type { Change, Fact } from "../../model/catalog.ts";
import { quoteIdentifier } from "../../sql/quote.ts";

/**
 * What the second catalog gives on parts of extensions beyond what these bring, as `pg_dump` writes it too. What is given to the platform's
 * own roles is the platform's doing, whenever somebody makes the extension.
 */
export function findMemberGrants(changes: readonly Change[]): readonly Fact[] {
  return changes.flatMap((change) => {
    if (change.kind === "removed" || (change.kind === "altered" && change.after === undefined)) return [];
    const fact = change.kind === "altered" ? change.to : change.fact;
    return isOnMember(fact) && isToProject(fact) ? [fact] : [];
  });
}

function isOnMember({ kind, provenance, attributes }: Fact): boolean {
  return kind === "grant" && provenance.startsWith("extension:") && typeof attributes["target"] === "string";
}

/** The same as statements, one for all parts on which the same roles get, or lose, the same. */
export function writeMemberGrants(grants: readonly Fact[]): readonly string[] {
  const roles = new Map<string, string[]>();
  for (const fact of grants) {
    const part = JSON.stringify([...phraseOf(fact), nameOf(fact)]);
    roles.set(part, [...(roles.get(part) ?? []), granteeOf(fact)]);
  }
  const names = new Map<string, string[]>();
  for (const [part, grantees] of roles) {
    const [act = "", preposition = "", option = "", name = ""]: readonly string[] = JSON.parse(part);
    const phrase = JSON.stringify([act, `${preposition} ${grantees.toSorted().join(", ")}${option}`]);
    names.set(phrase, [...(names.get(phrase) ?? []), name]);
  }
  return [...names].map(([phrase, parts]) => {
    const [act = "", whom = ""]: readonly string[] = JSON.parse(phrase);
    return parts.length === 1
      ? `${act} ${parts.join("")} ${whom}`
      : `${act}\n  ${parts.toSorted().join(",\n  ")}\n${whom}`;
  });
}

/** What stands before the part's name and after it, such as `grant execute on routine`, `to` and no option. */
function phraseOf({ id, attributes }: Fact): readonly [act: string, preposition: string, option: string] {
  const { column, revoked, grantable } = attributes;
  const columns = typeof column === "string" ? ` (${quoteIdentifier(column)})` : "";
  const privilege = `${id.name.toLowerCase()}${columns} on ${splitTarget(attributes)[0]}`;
  return revoked === true
    ? [`revoke ${privilege}`, "from", ""]
    : [`grant ${privilege}`, "to", grantable === true ? " with grant option" : ""];
}

function nameOf({ attributes }: Fact): string {
  return splitTarget(attributes)[1];
}

/** A grant's target begins with what kind of thing it is on, which a list of several names once. */
function splitTarget({ target }: Fact["attributes"]): readonly [kind: string, name: string] {
  const text = String(target);
  const [, kind = "", name = ""] = /^(foreign data wrapper|foreign server|\w+) (.*)$/s.exec(text) ?? [];
  return [kind, name];
}

function granteeOf({ id }: Fact): string {
  return id.grantee?.kind === "role" ? quoteIdentifier(id.grantee.name) : "public";
}
