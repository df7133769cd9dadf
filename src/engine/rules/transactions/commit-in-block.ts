import type { Rule } from "../rule.ts";

export const commitInBlock: Rule = {
  id: "T03",
  name: "commit-in-block",
  group: "transactions",
  severity: "error",
  detects: "COMMIT or ROLLBACK inside a DO block or a called procedure",
  why: "It fails in a transaction (2D000), and outside of one it commits the first half of the migration.",
  rewrite: "Remove it, or run the work in batches by run_phase.",
  check: ({ classification, node, place }) => {
    if (classification.controlsTransaction) return [{ object: "DO" }];
    const isControl = "TransactionStmt" in node && place === "function";
    return isControl ? [{ object: classification.command }] : [];
  },
};
