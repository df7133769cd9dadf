import { show, nameOfRange, keyOf } from "../names.ts";
import type { Rule } from "../rule.ts";
import { preceding } from "../scope.ts";
import { writesIn } from "../writes.ts";

export const pendingTriggers: Rule = {
  id: "T08",
  name: "pending-triggers",
  group: "transactions",
  severity: "warning",
  detects: "ALTER TABLE behind a write to a table with deferred constraints",
  why: "It fails (55006) while checks that wait for the end of the transaction are pending.",
  rewrite: "SET CONSTRAINTS ALL IMMEDIATE between the two, or two migrations.",
  check: ({ node }, scope) => {
    if (!("AlterTableStmt" in node)) return [];
    const table = nameOfRange(node.AlterTableStmt.relation);
    const isDeferred = scope.live
      ?.partsOf("constraint", table)
      .some(({ attributes }) => attributes["initiallyDeferred"] === true);
    const isWritten = preceding(scope, table).some((view) =>
      writesIn(view.node).some((write) => keyOf(write.table) === keyOf(table)),
    );
    return isDeferred === true && isWritten ? [{ object: show(table) }] : [];
  },
};
