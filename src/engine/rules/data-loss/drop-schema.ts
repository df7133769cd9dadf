import { granteesOf } from "../grants.ts";
import { droppedObjects } from "../ledger.ts";
import type { Rule, Hit } from "../rule.ts";

export const dropSchema: Rule = {
  id: "D03",
  name: "drop-schema",
  group: "data-loss",
  severity: "error",
  detects: "DROP SCHEMA, DROP DATABASE, DROP OWNED, DROP TABLESPACE, DROP ROLE",
  why: "It takes everything inside with it.",
  rewrite: "Drop what has to go by name, one statement an object.",
  check: ({ node }, scope) => {
    const schemas = droppedObjects(node, "OBJECT_SCHEMA").filter(
      ({ name }) => !scope.made.has("schema", name.name),
    );
    if (schemas.length > 0) return schemas.map(({ name }) => ({ object: name.name }));
    if ("DropdbStmt" in node) return [{ object: node.DropdbStmt.dbname ?? "" }];
    if ("DropOwnedStmt" in node) return [{ object: granteesOf(node.DropOwnedStmt.roles).join(", ") }];
    if ("DropTableSpaceStmt" in node) return [{ object: node.DropTableSpaceStmt.tablespacename ?? "" }];
    if (!("DropRoleStmt" in node)) return [];
    return granteesOf(node.DropRoleStmt.roles)
      .filter((role) => !scope.made.has("role", role))
      .map((role): Hit => ({
        object: role,
        severity: "warning",
        why: "Whoever connects as the role is locked out, and its privileges are forgotten.",
      }));
  },
};
