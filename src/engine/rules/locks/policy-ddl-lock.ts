import { alterCommandsOf } from "../alter-table.ts";
import { droppedObjects } from "../ledger.ts";
import { show, toName } from "../names.ts";
import { policyOf } from "../policies.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const policyDdlLock: Rule = {
  id: "L25",
  name: "policy-ddl-lock",
  group: "locks",
  severity: "info",
  detects: "CREATE, ALTER and DROP POLICY, and row level security switched",
  why: "It locks the table against every reader until the transaction ends.",
  rewrite: "Keep the migration short, with no slow statement beside it.",
  check: ({ node }, scope) => {
    const policy = policyOf(node)?.table;
    const dropped = droppedObjects(node, "OBJECT_POLICY").map(({ parts }) => toName(parts.slice(0, -1)));
    const switched = alterCommandsOf(
      node,
      "AT_EnableRowSecurity",
      "AT_DisableRowSecurity",
      "AT_ForceRowSecurity",
      "AT_NoForceRowSecurity",
    ).map(({ table }) => table);
    const tables = [...(policy === undefined ? [] : [policy]), ...dropped, ...switched];
    // Only beside slow work is it worth a word.
    if (!scope.profile.hasSlow) return [];
    return tables.filter((table) => !isOwnTable(scope, table)).map((table) => ({ object: show(table) }));
  },
};
