import type { Node } from "../../sql/parse.ts";
import { rowSecurityAfter } from "../exposed-tables.ts";
import { grantOf, isOpenRole, type Grant } from "../grants.ts";
import { show, keyOf, isExposed, type Name } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import type { Scope } from "../scope.ts";

const WRITES = new Set([
  "all",
  "insert",
  "update",
  "delete",
  "truncate",
  "references",
  "trigger",
  "maintain",
  "create",
]);
const PAST_POLICIES = new Set(["all", "truncate", "references", "trigger", "maintain"]);

export const grantWidening: Rule = {
  id: "S16",
  name: "grant-widening",
  group: "security",
  severity: "warning",
  detects: "GRANT and default privileges for anon, authenticated or PUBLIC",
  why: "It opens the objects to the API; TRUNCATE, REFERENCES and TRIGGER pass by row level security.",
  rewrite: "Grant select, insert, update or delete on the one table, behind policies.",
  check: ({ node }, scope) => {
    const grant = grantOf(node);
    if (grant === undefined) return exposesSchemas(node);
    const roles = grant.grantees.filter((role) => isOpenRole(role) || role === "authenticated");
    if (roles.length === 0)
      return grant.canGrantOn
        ? [{ object: grant.grantees.join(", "), why: "Whoever has it can give it to others." }]
        : [];
    const severity = judge(grant, roles, scope);
    return severity === undefined ? [] : [{ object: describe(grant), severity }];
  },
};

function judge(grant: Grant, roles: readonly string[], scope: Scope): Hit["severity"] {
  // What a dump restates is what the platform gives every table of public anyway.
  if (scope.isDump) return "info";
  const isOpen = roles.some(isOpenRole);
  const writes = grant.privileges.some((privilege) => WRITES.has(privilege));
  if (grant.reach === "defaults" || grant.reach === "schema")
    return isOpen && writes && !isRoutine(grant) ? "error" : "warning";
  if (isRoutine(grant) || grant.objectType === "OBJECT_TYPE" || grant.objectType === "OBJECT_LANGUAGE")
    return "info";
  if (grant.objectType === "OBJECT_SCHEMA") return judgeSchema(grant, writes);
  if (grant.objectType === "OBJECT_DATABASE") return writes ? "error" : "info";
  if (grant.objectType === "OBJECT_SEQUENCE") return isOpen ? "warning" : "info";
  if (grant.objects.every((table) => isGuarded(table, scope))) return "info";
  if (isOpen) return writes ? "error" : "warning";
  return grant.privileges.some((privilege) => PAST_POLICIES.has(privilege)) || grant.canGrantOn
    ? "warning"
    : "info";
}

function isRoutine({ objectType }: Grant): boolean {
  return /^OBJECT_(?:FUNCTION|PROCEDURE|ROUTINE|AGGREGATE)$/.test(objectType);
}

function judgeSchema(grant: Grant, writes: boolean): Hit["severity"] {
  if (writes) return "error";
  return grant.objects.every(({ name }) => isExposed(name)) ? "info" : "warning";
}

/** A table that this migration makes and guards with row level security: the platform's own default grants as much. */
function isGuarded(table: Name, scope: Scope): boolean {
  return scope.made.has("relation", keyOf(table)) && rowSecurityAfter(table, scope) === true;
}

function describe({ reach, objects, objectType }: Grant): string {
  if (reach === "defaults") return "default privileges";
  const names = objects.map(show).join(", ");
  return reach === "schema" ? `every ${objectType.replace("OBJECT_", "").toLowerCase()} in ${names}` : names;
}

/** The list of schemas that the API serves is a setting of its role. */
function exposesSchemas(node: Node): readonly Hit[] {
  if (!("AlterRoleSetStmt" in node)) return [];
  const setting = node.AlterRoleSetStmt.setstmt?.name ?? "";
  return setting.startsWith("pgrst.")
    ? [{ object: setting, why: "It changes what the API serves, and to whom." }]
    : [];
}
