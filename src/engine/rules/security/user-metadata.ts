import { textsIn, columnsIn } from "../expressions.ts";
import { show } from "../names.ts";
import { policyOf, policyExpressions } from "../policies.ts";
import type { Rule } from "../rule.ts";

const METADATA = /user_meta_?data/i;

export const userMetadata: Rule = {
  id: "S07",
  name: "user-metadata",
  group: "security",
  severity: "error",
  detects: "user_metadata in a policy",
  why: "Users write their own user_metadata: whoever wants to pass the policy gives himself what it asks for.",
  rewrite: "app_metadata, which users cannot write, or a table of roles.",
  check: ({ node }) => {
    const policy = policyOf(node);
    if (policy === undefined) return [];
    const words = policyExpressions(policy).flatMap((each) => [...textsIn(each), ...columnsIn(each)]);
    return words.some((word) => METADATA.test(word))
      ? [{ object: `${show(policy.table)}.${policy.name}` }]
      : [];
  },
};
