import { alterCommandsOf } from "../alter-table.ts";
import { show, keyOf, type Name } from "../names.ts";
import { policyOf } from "../policies.ts";
import type { Rule } from "../rule.ts";
import { besides, isUnknownName, type Scope } from "../scope.ts";

export const rlsWithoutPolicy: Rule = {
  id: "S03",
  name: "rls-without-policy",
  group: "security",
  severity: "info",
  detects: "Row level security switched on for a table without a policy",
  why: "Nobody but the owner and service_role sees a row.",
  rewrite: "create policy … for whom the table is meant.",
  check: ({ node }, scope) =>
    alterCommandsOf(node, "AT_EnableRowSecurity")
      .filter(({ table }) => !hasPolicy(table, scope))
      .map(({ table }) => ({ object: show(table) })),
};

function hasPolicy(table: Name, scope: Scope): boolean {
  const live = [scope.live, scope.after].some((schema) => (schema?.partsOf("policy", table).length ?? 0) > 0);
  return (
    live ||
    isUnknownName(table) ||
    besides(scope, table).some(({ node }) => {
      const policy = policyOf(node);
      return policy !== undefined && keyOf(policy.table) === keyOf(table);
    })
  );
}
