import { isAlwaysTrue, isSameForEveryRow } from "../../sql/always-true.ts";
import { functionCalls, textsIn } from "../expressions.ts";
import { isOpenRole } from "../grants.ts";
import { show } from "../names.ts";
import { policyExpressions, policyOf, type WrittenPolicy } from "../policies.ts";
import type { Rule, Hit } from "../rule.ts";

export const openWritePolicy: Rule = {
  id: "S04",
  name: "open-write-policy",
  group: "security",
  severity: "error",
  detects: "A permissive policy that lets everyone it is for write every row",
  why: "Its condition always holds, so the policy guards nothing.",
  rewrite: "Say whose rows: using ((select auth.uid()) = user_id), and the same with check.",
  check: ({ node }) => {
    const policy = policyOf(node);
    if (policy === undefined || !policy.isPermissive || isForServers(policy.roles)) return [];
    const object = `${show(policy.table)}.${policy.name}`;
    if (policy.command === "select") return describeRead(policy, object);
    const [using, check] = [policy.using, policy.check].map(isAlwaysTrue);
    // ALTER POLICY does not say which command it is for, and leaves the roles where it names none.
    const isOpen = using === true || check === true;
    if (!isOpen) return describeSignedIn(policy, object);
    return [
      policy.isNew && policy.roles.every(isOpenRole)
        ? { object }
        : { object, severity: policy.isNew ? "error" : "warning" },
    ];
  },
};

/** `auth.role() = 'authenticated'` and `auth.uid() is not null` ask who signed in, and not whose row it is. */
function describeSignedIn(policy: WrittenPolicy, object: string): readonly Hit[] {
  const why = "It asks only whether somebody is signed in: every user writes every row.";
  return policy.isNew && policyExpressions(policy).some(asksOnlyForUser)
    ? [{ object, severity: "warning", why }]
    : [];
}

function asksOnlyForUser(condition: unknown): boolean {
  const calls = functionCalls(condition);
  return (
    isSameForEveryRow(condition) &&
    calls.length > 0 &&
    calls.every(({ schema, name }) => schema === "auth" && (name === "uid" || name === "role")) &&
    !textsIn(condition).some((text) => /^(?:service_role|supabase_\w+|postgres)$/.test(text))
  );
}

/** Roles that bypass row level security or belong to nobody's browser. */
function isForServers(roles: readonly string[]): boolean {
  const servers = [
    "service_role",
    "postgres",
    "supabase_admin",
    "supabase_auth_admin",
    "supabase_storage_admin",
    "dashboard_user",
  ];
  return roles.length > 0 && roles.every((role) => servers.includes(role));
}

function describeRead(policy: WrittenPolicy, object: string): readonly Hit[] {
  return isAlwaysTrue(policy.using)
    ? [
        {
          object,
          severity: "info",
          why: `Everyone whom the policy is for (${policy.roles.join(", ")}) reads every row.`,
        },
      ]
    : [];
}
