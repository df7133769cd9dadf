import type { Node } from "../../sql/parse.ts";
import type { Rule } from "../rule.ts";

export const changesParsing: Rule = {
  id: "T07",
  name: "changes-parsing",
  group: "transactions",
  severity: "error",
  detects: "standard_conforming_strings off, or another client_encoding",
  why: "The server then reads the text after it in another way than it was checked: a string may hide a statement.",
  rewrite: "Remove it, and write E'…' where a backslash is meant.",
  check: ({ classification, node }) => (classification.changesParsing ? [{ object: nameOf(node) }] : []),
};

function nameOf(node: Node): string {
  return "VariableSetStmt" in node ? (node.VariableSetStmt.name ?? "") : "";
}
