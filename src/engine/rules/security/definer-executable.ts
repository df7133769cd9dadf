import { whereItLands } from "../exposed-tables.ts";
import { granteesOf, isOpenRole } from "../grants.ts";
import { show, toName, keyOf, isExposed, partsOfObject, type Name } from "../names.ts";
import { routineOf } from "../routines.ts";
import type { Rule } from "../rule.ts";
import { besides, type Scope } from "../scope.ts";

export const definerExecutable: Rule = {
  id: "S12",
  name: "definer-executable",
  group: "security",
  severity: "warning",
  detects: "A SECURITY DEFINER function in an exposed schema that everyone may call",
  why: "Whoever has the public key calls it through the API, and it acts as its owner, past row level security.",
  rewrite: "revoke execute on function … from public, anon; or put it into a schema that is not exposed.",
  check: ({ node }, scope) => {
    const routine = routineOf(node);
    if (routine === undefined || !routine.isDefiner || routine.returnsTrigger) return [];
    if (!isExposed(routine.name.schema) || scope.live?.isSupabase === false || isRevoked(routine.name, scope))
      return [];
    return [{ object: show(routine.name), ...whereItLands(routine.name, scope) }];
  },
};

/** From PUBLIC at least: every role has the right through it. */
function isRevoked(name: Name, scope: Scope): boolean {
  if (scope.profile.revokesFunctions) return true;
  return besides(scope, name).some(({ node }) => {
    if (!("GrantStmt" in node) || node.GrantStmt.is_grant === true) return false;
    const { grantees, objects = [], targtype } = node.GrantStmt;
    if (!granteesOf(grantees).some(isOpenRole)) return false;
    const isWholeSchema =
      targtype === "ACL_TARGET_ALL_IN_SCHEMA" && /ROUTINE|FUNCTION/.test(node.GrantStmt.objtype ?? "");
    return isWholeSchema || objects.some((object) => keyOf(toName(partsOfObject(object))) === keyOf(name));
  });
}
