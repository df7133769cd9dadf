import { alterCommandsOf } from "../alter-table.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const detachBlocking: Rule = {
  id: "L13",
  name: "detach-blocking",
  group: "locks",
  severity: "warning",
  detects: "DETACH PARTITION without CONCURRENTLY",
  why: "It takes ACCESS EXCLUSIVE locks on the table, the partition and the default partition.",
  rewrite: "DETACH PARTITION … CONCURRENTLY, in a migration of its own.",
  check: ({ node }, scope) =>
    alterCommandsOf(node, "AT_DetachPartition").flatMap(({ table, command: { def } }) => {
      const isConcurrent = def !== undefined && "PartitionCmd" in def && def.PartitionCmd.concurrent === true;
      return isConcurrent || isOwnTable(scope, table) ? [] : [{ object: show(table) }];
    }),
};
