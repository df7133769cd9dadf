import { alterCommandsOf } from "../alter-table.ts";
import { partKey } from "../ledger.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable, isNew } from "../scope.ts";

export const dropColumn: Rule = {
  id: "D02",
  name: "drop-column",
  group: "data-loss",
  severity: "error",
  detects: "DROP COLUMN, and DROP ATTRIBUTE of a type",
  why: "The column's values are gone when the transaction ends, and queries that name it fail.",
  rewrite: "Stop using the column, rename it, and drop it in a later migration when nothing has missed it.",
  check: ({ node }, scope) =>
    alterCommandsOf(node, "AT_DropColumn")
      .filter(
        ({ table, command }) =>
          !isOwnTable(scope, table) &&
          !isNew(scope, "type", table) &&
          !scope.made.has("column", partKey(table, command.name ?? "")),
      )
      .map(({ table, command }) => ({ object: `${show(table)}.${command.name ?? ""}` })),
};
