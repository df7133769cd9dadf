import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";

export const copyFromClient: Rule = {
  id: "T13",
  name: "copy-from-client",
  group: "transactions",
  severity: "error",
  detects: "COPY from or to the client",
  why: "A migration has no client program that sends or takes the rows.",
  rewrite: "INSERT statements; pg_dump writes them with --inserts.",
  check: ({ node, classification }) =>
    "CopyStmt" in node && (classification.kind === "copy_stdin" || classification.kind === "copy_stdout")
      ? [{ object: show(nameOfRange(node.CopyStmt.relation)) }]
      : [],
};
