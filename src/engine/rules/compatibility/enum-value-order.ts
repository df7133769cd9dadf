import { show, nameOfList } from "../names.ts";
import type { Rule } from "../rule.ts";

export const enumValueOrder: Rule = {
  id: "C10",
  name: "enum-value-order",
  group: "compatibility",
  severity: "info",
  detects: "ALTER TYPE … ADD VALUE without BEFORE or AFTER",
  why: "The value sorts last; it can never be removed or moved.",
  rewrite: "Say BEFORE or AFTER which value it stands, where the order means something.",
  check: ({ node }) => {
    if (!("AlterEnumStmt" in node)) return [];
    const { newVal, oldVal, newValNeighbor, typeName } = node.AlterEnumStmt;
    if (newVal === undefined || oldVal !== undefined || newValNeighbor !== undefined) return [];
    return [{ object: show(nameOfList(typeName)) }];
  },
};
