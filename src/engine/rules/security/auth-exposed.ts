import type { Node } from "../../sql/parse.ts";
import { walkTree } from "../../sql/walk-tree.ts";
import { grantOf, isOpenRole } from "../grants.ts";
import { show, nameOfRange, isExposed } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";

export const authExposed: Rule = {
  id: "S09",
  name: "auth-exposed",
  group: "security",
  severity: "error",
  detects:
    "A view of the auth or vault schema in an exposed schema, and a grant on their tables to API roles",
  why: "E-mail addresses, password hashes, tokens or secrets can be read through the API.",
  rewrite:
    "A table of profiles with the columns that may be seen, filled by a trigger, with row level security.",
  check: ({ node }) => [...views(node), ...grants(node)],
};

const SECRET: ReadonlySet<unknown> = new Set(["auth", "vault"]);

function views(node: Node): readonly Hit[] {
  const [name, query] =
    "ViewStmt" in node
      ? [nameOfRange(node.ViewStmt.view), node.ViewStmt.query]
      : "CreateTableAsStmt" in node
        ? [nameOfRange(node.CreateTableAsStmt.into?.rel), node.CreateTableAsStmt.query]
        : [undefined, undefined];
  if (name === undefined || !isExposed(name.schema)) return [];
  let readsSecrets = false;
  walkTree(query, (kind, fields) => {
    readsSecrets ||= kind === "RangeVar" && SECRET.has(fields["schemaname"]);
  });
  return readsSecrets ? [{ object: show(name) }] : [];
}

function grants(node: Node): readonly Hit[] {
  const grant = grantOf(node);
  if (grant === undefined || !grant.grantees.some((role) => isOpenRole(role) || role === "authenticated"))
    return [];
  if (!/^OBJECT_(?:TABLE|COLUMN)$/.test(grant.objectType)) return [];
  return grant.objects
    .filter(({ schema, name }) => SECRET.has(schema) || (grant.reach === "schema" && SECRET.has(name)))
    .map((object) => ({ object: show(object) }));
}
