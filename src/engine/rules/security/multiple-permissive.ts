import { droppedObjects } from "../ledger.ts";
import { show, toName, keyOf } from "../names.ts";
import { policyOf, type WrittenPolicy } from "../policies.ts";
import type { Rule } from "../rule.ts";
import { besides, preceding, type Scope } from "../scope.ts";

export const multiplePermissive: Rule = {
  id: "S06",
  name: "multiple-permissive",
  group: "security",
  severity: "warning",
  detects: "Two permissive policies for one role and one action of a table",
  why: "Every query runs both, and a row passes where either lets it: the stricter one guards nothing.",
  rewrite: "One policy whose condition joins both with OR.",
  check: ({ node }, scope) => {
    const policy = policyOf(node);
    if (policy === undefined || !policy.isNew || !policy.isPermissive) return [];
    const earlier = preceding(scope, policy.table).flatMap((view) => {
      const other = policyOf(view.node);
      return other !== undefined &&
        other.isNew &&
        other.isPermissive &&
        overlaps(policy, other) &&
        !isDropped(other, scope)
        ? [other]
        : [];
    });
    const [first] = earlier;
    if (first === undefined) return [];
    return [
      {
        object: `${show(policy.table)}.${policy.name}`,
        why: `"${first.name}" is for the same role and action: every query runs both, and a row passes where either lets it.`,
      },
    ];
  },
};

function overlaps(one: WrittenPolicy, other: WrittenPolicy): boolean {
  if (keyOf(one.table) !== keyOf(other.table) || one.name === other.name) return false;
  const sameAction = one.command === other.command || one.command === "all" || other.command === "all";
  const isForAll = (roles: readonly string[]) => roles.includes("public");
  const sameRole =
    isForAll(one.roles) || isForAll(other.roles) || one.roles.some((role) => other.roles.includes(role));
  return sameAction && sameRole;
}

function isDropped(policy: WrittenPolicy, scope: Scope): boolean {
  return besides(scope, policy.table).some(({ node }) =>
    droppedObjects(node, "OBJECT_POLICY").some(
      ({ parts, name }) =>
        name.name === policy.name && keyOf(toName(parts.slice(0, -1))) === keyOf(policy.table),
    ),
  );
}
