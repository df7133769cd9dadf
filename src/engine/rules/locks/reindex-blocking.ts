import { isOptionOn } from "../../sql/classes/transaction-block.ts";
import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const reindexBlocking: Rule = {
  id: "L03",
  name: "reindex-blocking",
  group: "locks",
  severity: "warning",
  detects: "REINDEX without CONCURRENTLY",
  why: "It rewrites the index under an ACCESS EXCLUSIVE lock on it and a SHARE lock on its table.",
  rewrite: "REINDEX … CONCURRENTLY, in a migration of its own.",
  check: ({ node }, scope) => {
    if (!("ReindexStmt" in node) || isOptionOn(node.ReindexStmt.params, "concurrently")) return [];
    const { relation, name } = node.ReindexStmt;
    if (relation !== undefined && isOwnTable(scope, relation)) return [];
    return [{ object: relation === undefined ? (name ?? "") : show(nameOfRange(relation)) }];
  },
};
