import { show } from "../names.ts";
import { policyOf } from "../policies.ts";
import type { Rule } from "../rule.ts";

export const policyRoles: Rule = {
  id: "S21",
  name: "policy-roles",
  group: "security",
  severity: "info",
  detects: "A policy without TO",
  why: "It holds for anon too, and is computed for every request.",
  rewrite: "create policy … to authenticated ….",
  check: ({ node }) => {
    const policy = policyOf(node);
    if (policy === undefined || !policy.isNew || !policy.roles.includes("public")) return [];
    return [{ object: `${show(policy.table)}.${policy.name}` }];
  },
};
