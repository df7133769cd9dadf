import { alterCommandsOf } from "../alter-table.ts";
import { show, nameOfList } from "../names.ts";
import { findOption } from "../options.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const moveStorage: Rule = {
  id: "R06",
  name: "move-storage",
  group: "rewrites",
  severity: "warning",
  detects: "SET TABLESPACE, SET ACCESS METHOD, a moved database, a refreshed collation",
  why: "It copies the whole table or index under an ACCESS EXCLUSIVE lock.",
  rewrite: "Do it in a maintenance window; pg_repack moves a table without the lock.",
  check: ({ node }, scope) => {
    if ("AlterTableMoveAllStmt" in node)
      return [{ object: node.AlterTableMoveAllStmt.orig_tablespacename ?? "" }];
    if ("AlterCollationStmt" in node)
      return [
        {
          object: show(nameOfList(node.AlterCollationStmt.collname)),
          why: "Indexes built with the old version may be in the wrong order until they are built anew.",
          rewrite: "REINDEX CONCURRENTLY every index that uses the collation first.",
        },
      ];
    if ("AlterDatabaseStmt" in node && findOption(node.AlterDatabaseStmt.options, "tablespace") !== undefined)
      return [{ object: node.AlterDatabaseStmt.dbname ?? "" }];
    return alterCommandsOf(node, "AT_SetTableSpace", "AT_SetAccessMethod")
      .filter(({ table }) => !isOwnTable(scope, table))
      .map(({ table }) => ({ object: show(table) }));
  },
};
