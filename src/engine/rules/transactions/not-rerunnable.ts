import type { Rule } from "../rule.ts";

export const notRerunnable: Rule = {
  id: "T14",
  name: "not-rerunnable",
  group: "transactions",
  severity: "info",
  detects: "A statement outside of transactions that cannot be run twice",
  why: "Where the connection is lost meanwhile, running it again fails although its work may be done.",
  rewrite: "Godwit looks at what the statement left behind before it runs it again; other programs do not.",
  check: ({ node, classification }) => {
    if (classification.transaction !== "forbidden") return [];
    const isGuarded =
      ("IndexStmt" in node && node.IndexStmt.if_not_exists === true) ||
      ("DropStmt" in node && node.DropStmt.missing_ok === true);
    const isRepeatable = "VacuumStmt" in node || "ReindexStmt" in node || "ClusterStmt" in node;
    return isGuarded || isRepeatable ? [] : [{ object: classification.command }];
  },
};
