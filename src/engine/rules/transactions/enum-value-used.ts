import { textsIn } from "../expressions.ts";
import type { Rule } from "../rule.ts";
import { isDefinition } from "../writes.ts";

export const enumValueUsed: Rule = {
  id: "T04",
  name: "enum-value-used",
  group: "transactions",
  severity: "error",
  detects: "A value of an enum used in the transaction that adds it",
  why: "A new value cannot be used before the transaction that adds it has ended (55P04).",
  rewrite: "Add the value in a migration of its own, and use it in the next one.",
  check: ({ node, classification }, scope) => {
    if (isDefinition(node) || classification.addsEnumValue !== undefined) return [];
    const added = scope.made.enumValues();
    if (added.length === 0) return [];
    const texts = new Set(textsIn(node));
    return added
      .filter(({ label }) => texts.has(label))
      .map(({ type, label }) => ({ object: `${type}.${label}` }));
  },
};
