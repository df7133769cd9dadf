import { alterCommandsOf } from "../alter-table.ts";
import { show, nameOfList } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const dropNotNull: Rule = {
  id: "C08",
  name: "drop-not-null",
  group: "compatibility",
  severity: "warning",
  detects: "DROP NOT NULL",
  why: "Clients, whose types say that there is always a value, meet null.",
  rewrite: "Make the clients ready for null first.",
  check: ({ node }, scope) => {
    if ("AlterDomainStmt" in node && node.AlterDomainStmt.subtype === "N")
      return [{ object: show(nameOfList(node.AlterDomainStmt.typeName)) }];
    return alterCommandsOf(node, "AT_DropNotNull")
      .filter(({ table }) => !isOwnTable(scope, table))
      .map(({ table, command }) => ({ object: `${show(table)}.${command.name ?? ""}` }));
  },
};
