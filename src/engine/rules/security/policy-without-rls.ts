import { rowSecurityAfter } from "../exposed-tables.ts";
import { show, keyOf, isManaged } from "../names.ts";
import { policyOf } from "../policies.ts";
import type { Rule } from "../rule.ts";
import { isUnknownName } from "../scope.ts";

export const policyWithoutRls: Rule = {
  id: "S02",
  name: "policy-without-rls",
  group: "security",
  severity: "error",
  detects: "A policy on a table whose row level security is off",
  why: "The policy does nothing until row level security is switched on.",
  rewrite: "alter table … enable row level security.",
  check: ({ node }, scope) => {
    const policy = policyOf(node);
    if (policy === undefined || !policy.isNew || isManaged(policy.table.schema)) return [];
    const object = show(policy.table);
    const isOn = rowSecurityAfter(policy.table, scope);
    if (isOn === true || isUnknownName(policy.table)) return [];
    if (isOn === undefined) return [{ object, severity: "info", needs: "whether row level security is on" }];
    return [
      scope.outcome.maySecure(keyOf(policy.table)) && scope.after === undefined
        ? {
            object,
            severity: "info",
            needs: "whether the loop that enables row level security reaches this table",
          }
        : { object },
    ];
  },
};
