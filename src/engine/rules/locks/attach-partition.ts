import { alterCommandsOf } from "../alter-table.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const attachPartition: Rule = {
  id: "L12",
  name: "attach-partition",
  group: "locks",
  severity: "warning",
  detects: "ATTACH PARTITION",
  why: "Without a matching CHECK the new partition is read under an ACCESS EXCLUSIVE lock, and so is a default partition.",
  rewrite:
    "Add a valid CHECK that implies the bounds to the partition, and its opposite to the default partition, first.",
  check: ({ node }, scope) =>
    alterCommandsOf(node, "AT_AttachPartition").flatMap(({ table, command: { def } }) => {
      const child = def !== undefined && "PartitionCmd" in def ? def.PartitionCmd.name : undefined;
      if (isOwnTable(scope, table)) return [];
      const object = show(table);
      return isOwnTable(scope, child)
        ? [
            {
              object,
              severity: "info",
              needs: "whether the table has a default partition, which would be read",
            },
          ]
        : [{ object }];
    }),
};
