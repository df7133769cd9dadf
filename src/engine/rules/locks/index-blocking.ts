import { nameOfRange, show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const indexBlocking: Rule = {
  id: "L01",
  name: "index-blocking",
  group: "locks",
  severity: "warning",
  detects: "CREATE INDEX without CONCURRENTLY on a table that exists",
  why: "It holds a SHARE lock while it reads the whole table: nobody can write to it until the index is built.",
  rewrite: "Create the index concurrently, in a migration of its own.",
  check: ({ node }, scope) => {
    if (!("IndexStmt" in node)) return [];
    const { concurrent, relation } = node.IndexStmt;
    // ON ONLY a partitioned table makes a definition and reads nothing.
    if (concurrent === true || relation?.inh !== true || isOwnTable(scope, relation)) return [];
    return [{ object: show(nameOfRange(relation)) }];
  },
};
