import { show, nameOfList } from "../names.ts";
import type { Rule } from "../rule.ts";

export const newEnum: Rule = {
  id: "C11",
  name: "new-enum",
  group: "compatibility",
  severity: "info",
  detects: "CREATE TYPE … AS ENUM",
  why: "Values can be added and renamed, and never removed.",
  rewrite: "A CHECK, or a table of values with a foreign key, where the values will change.",
  check: ({ node }) =>
    "CreateEnumStmt" in node ? [{ object: show(nameOfList(node.CreateEnumStmt.typeName)) }] : [],
};
