import { whereItLands } from "../exposed-tables.ts";
import type { Node } from "../../sql/parse.ts";
import { granteesOf } from "../grants.ts";
import { show, nameOfRange, keyOf, isExposed, type Name } from "../names.ts";
import type { Rule } from "../rule.ts";
import { following, type Scope } from "../scope.ts";

export const apiRelation: Rule = {
  id: "S10",
  name: "api-relation",
  group: "security",
  severity: "warning",
  detects: "A materialized view or foreign table in an exposed schema",
  why: "Row level security does not work on it: whoever may read it reads all of it through the API.",
  rewrite: "Put it into a schema that is not exposed, and show a function or view of it.",
  check: ({ node }, scope) => {
    if (scope.live?.isSupabase === false) return [];
    const name = relationMade(node);
    return name === undefined || !isExposed(name.schema) || isClosed(name, scope)
      ? []
      : [{ object: show(name), ...whereItLands(name, scope) }];
  },
};

function relationMade(node: Node): Name | undefined {
  if ("CreateTableAsStmt" in node && node.CreateTableAsStmt.objtype === "OBJECT_MATVIEW")
    return nameOfRange(node.CreateTableAsStmt.into?.rel);
  if ("CreateForeignTableStmt" in node) return nameOfRange(node.CreateForeignTableStmt.base?.relation);
  if ("ImportForeignSchemaStmt" in node)
    return { schema: node.ImportForeignSchemaStmt.local_schema ?? "", name: "*" };
  return undefined;
}

/** REVOKE from the API's roles further down. */
function isClosed(name: Name, scope: Scope): boolean {
  return following(scope, name).some(
    ({ node }) =>
      "GrantStmt" in node &&
      node.GrantStmt.is_grant !== true &&
      (node.GrantStmt.objects ?? []).some(
        (object) => "RangeVar" in object && keyOf(nameOfRange(object.RangeVar)) === keyOf(name),
      ) &&
      granteesOf(node.GrantStmt.grantees).includes("anon"),
  );
}
