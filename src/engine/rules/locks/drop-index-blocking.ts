import { droppedObjects } from "../ledger.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isNew } from "../scope.ts";

export const dropIndexBlocking: Rule = {
  id: "L02",
  name: "drop-index-blocking",
  group: "locks",
  severity: "warning",
  detects: "DROP INDEX without CONCURRENTLY",
  why: "It locks the index's table against every reader and writer, behind whatever is running there now.",
  rewrite: "DROP INDEX CONCURRENTLY, in a migration of its own.",
  check: ({ node }, scope) => {
    if ("DropStmt" in node && node.DropStmt.concurrent === true) return [];
    return droppedObjects(node, "OBJECT_INDEX")
      .filter(({ name }) => !isNew(scope, "index", name))
      .map(({ name }) => ({ object: show(name) }));
  },
};
