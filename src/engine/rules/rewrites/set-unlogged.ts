import { alterCommandsOf } from "../alter-table.ts";
import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const setUnlogged: Rule = {
  id: "R05",
  name: "set-unlogged",
  group: "rewrites",
  severity: "warning",
  detects: "SET UNLOGGED, SET LOGGED and CREATE UNLOGGED TABLE",
  why: "The switch rewrites the table under an ACCESS EXCLUSIVE lock; an unlogged table is emptied by a crash and missing on replicas.",
  rewrite: "Keep tables logged.",
  check: ({ node }, scope) => {
    const switched = alterCommandsOf(node, "AT_SetUnLogged", "AT_SetLogged").filter(
      ({ table }) => !isOwnTable(scope, table),
    );
    if ("CreateStmt" in node && node.CreateStmt.relation?.relpersistence === "u")
      return [
        {
          object: show(nameOfRange(node.CreateStmt.relation)),
          severity: "info",
          why: "An unlogged table is emptied by a crash and missing on replicas.",
        },
      ];
    return switched.map(({ table }) => ({ object: show(table) }));
  },
};
