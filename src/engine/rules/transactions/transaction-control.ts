import type { Node } from "../../sql/parse.ts";
import type { Rule } from "../rule.ts";

export const transactionControl: Rule = {
  id: "T02",
  name: "transaction-control",
  group: "transactions",
  severity: "error",
  detects: "COMMIT, ROLLBACK, SAVEPOINT, PREPARE TRANSACTION and their like",
  why: "It ends the transaction that the migration runs in, so that half of it stays applied where the rest fails.",
  rewrite: "Remove it: a migration is one transaction already.",
  check: ({ classification, node, place }, { profile }) => {
    const { control, command } = classification;
    if (place === "file" && setsTransaction(node))
      return [
        {
          object: "SET TRANSACTION",
          severity: "warning",
          why: "The transaction is Godwit's and has begun: the statement fails, or changes what it may do.",
        },
      ];
    if (control === undefined || place !== "file") return [];
    if (control === "SAVEPOINT" || control === "RELEASE" || control === "ROLLBACK TO")
      return [
        { object: command, severity: "warning", why: "Part of the migration may be undone without a word." },
      ];
    const isPlain = "TransactionStmt" in node && (node.TransactionStmt.options ?? []).length === 0;
    // One pair around the whole file asks for what is done anyway.
    if (isPlain && profile.isWrapped)
      return [{ object: command, severity: "info", why: "It says what is done anyway." }];
    return [{ object: command }];
  },
};

function setsTransaction(node: Node): boolean {
  return (
    "VariableSetStmt" in node &&
    node.VariableSetStmt.kind === "VAR_SET_MULTI" &&
    node.VariableSetStmt.name?.startsWith("TRANSACTION") === true
  );
}
