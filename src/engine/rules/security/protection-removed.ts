import type { Node } from "../../sql/parse.ts";
import { alterCommandsOf } from "../alter-table.ts";
import { isOpenRole } from "../grants.ts";
import { droppedObjects, partKey } from "../ledger.ts";
import { show, toName, keyOf, type Name } from "../names.ts";
import { policyOf } from "../policies.ts";
import type { Rule, Hit } from "../rule.ts";
import { following, type Scope } from "../scope.ts";

export const protectionRemoved: Rule = {
  id: "S20",
  name: "protection-removed",
  group: "security",
  severity: "error",
  detects: "DISABLE ROW LEVEL SECURITY, NO FORCE, DROP POLICY and ALTER POLICY … TO public",
  why: "Rows that were guarded are open to whoever has the public key.",
  rewrite: "Keep row level security on, and write the policy that is meant in the same migration.",
  check: ({ node }, scope) => [...switchedOff(node, scope), ...dropped(node, scope), ...widened(node)],
};

function switchedOff(node: Node, scope: Scope): readonly Hit[] {
  const off = alterCommandsOf(node, "AT_DisableRowSecurity").map(({ table }): Hit => ({
    object: show(table),
  }));
  const unforced = alterCommandsOf(node, "AT_NoForceRowSecurity")
    .filter(({ table }) => !scope.made.has("relation", keyOf(table)))
    .map(({ table }): Hit => ({
      object: show(table),
      severity: "warning",
      why: "The table's owner passes by its policies again.",
    }));
  return [...off, ...unforced];
}

function dropped(node: Node, scope: Scope): readonly Hit[] {
  return droppedObjects(node, "OBJECT_POLICY").flatMap(({ parts, name: { name } }): readonly Hit[] => {
    const table = toName(parts.slice(0, -1));
    const object = `${show(table)}.${name}`;
    if (scope.made.has("policy", partKey(table, name)) || isTableDropped(table, scope)) return [];
    const later = following(scope, table)
      .flatMap((view) => policyOf(view.node) ?? [])
      .filter((policy) => keyOf(policy.table) === keyOf(table));
    if (later.some((policy) => policy.name === name))
      return [{ object, severity: "info", why: "The policy is made again further down." }];
    if (later.length > 0)
      return [{ object, severity: "info", why: "Another policy of the table takes its place further down." }];
    return [
      {
        object,
        severity: "warning",
        why: "What the policy allowed or held back is decided by the others alone.",
      },
    ];
  });
}

function isTableDropped(table: Name, scope: Scope): boolean {
  return following(scope, table).some(({ node }) =>
    droppedObjects(node, "OBJECT_TABLE").some(({ name }) => keyOf(name) === keyOf(table)),
  );
}

function widened(node: Node): readonly Hit[] {
  const policy = policyOf(node);
  if (policy === undefined || policy.isNew || !policy.roles.some(isOpenRole)) return [];
  return [
    {
      object: `${show(policy.table)}.${policy.name}`,
      severity: "warning",
      why: "The policy holds for everyone from now on.",
    },
  ];
}
