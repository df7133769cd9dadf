import { factOf } from "../compare/change-id.ts";
import type { Catalog, Change, Fact } from "../model/catalog.ts";
import type { Refusal } from "../plan/schema-change/schema-change.ts";
import { rolesOf } from "../shadow/make-roles.ts";

/** Where a script is to run, and what it is to become. */
export interface ScriptPlace {
  readonly catalog: Catalog;
  /** Of the whole server. */
  readonly roles: ReadonlySet<string>;
  readonly goal: Catalog;
}

/**
 * What a script takes for given and its database lacks, although the copy has it: roles of the server, and objects that the platform makes and
 * no script does.
 */
export function listLacking(changes: readonly Change[], place: ScriptPlace): readonly Refusal[] {
  return changes.flatMap((change) => {
    const [first] = change.kind === "removed" ? [] : lackingFor(change, place);
    if (first === undefined) return [];
    const reason = `It needs ${first}, which that database lacks and this SQL does not make.`;
    return [{ key: change.key, changes: [change], reason }];
  });
}

function lackingFor(change: Change, { catalog, roles, goal }: ScriptPlace): readonly string[] {
  const fact = factOf(change);
  const before = change.kind === "altered" ? change.from.dependsOn : [];
  const objects = fact.dependsOn.filter(
    (key) =>
      !before.includes(key) && !catalog.facts.has(key) && goal.facts.get(key)?.provenance === "platform",
  );
  const named = namesRoles(change) ? rolesOf(fact).filter((name) => !roles.has(name)) : [];
  return [...objects, ...named.map((name) => `role ${JSON.stringify(name)}`)];
}

/** An altered object keeps its owner and grantee unless that is what changes. */
function namesRoles(change: Change): boolean {
  return change.kind !== "altered" || naming.has(change.attribute);
}

const naming: ReadonlySet<keyof Fact["attributes"]> = new Set(["owner", "role", "roles"]);
