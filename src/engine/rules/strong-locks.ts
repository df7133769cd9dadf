import type { Node } from "../sql/parse.ts";
import { alterCommands, alterCommandsOf } from "./alter-table.ts";
import { droppedObjects } from "./ledger.ts";
import { nameOfRange, type Name } from "./names.ts";
import { isOwnTable, isUnknownName, type Before } from "./scope.ts";
import { writesIn } from "./writes.ts";

/** ALTER TABLE commands that take less than an ACCESS EXCLUSIVE lock (measured on PostgreSQL 15). */
const WEAK = new Set([
  "AT_ValidateConstraint",
  "AT_AttachPartition",
  "AT_SetStatistics",
  "AT_SetOptions",
  "AT_ResetOptions",
  "AT_ClusterOn",
  "AT_DropCluster",
  "AT_SetRelOptions",
  "AT_ResetRelOptions",
  "AT_EnableTrig",
  "AT_DisableTrig",
  "AT_EnableTrigUser",
  "AT_DisableTrigUser",
]);

/** The tables that others use and that a statement locks against every reader. */
export function stronglyLocked(node: Node, scope: Before): readonly Name[] {
  return namesLocked(node).filter((name) => !isOwnTable(scope, name) && !isUnknownName(name));
}

function namesLocked(node: Node): readonly Name[] {
  if ("AlterTableStmt" in node) {
    const strong = alterCommands(node).filter(({ command }) => isStrong(command));
    return strong.length === 0 || node.AlterTableStmt.objtype !== "OBJECT_TABLE"
      ? []
      : [nameOfRange(node.AlterTableStmt.relation)];
  }
  if ("RenameStmt" in node)
    return ["OBJECT_TABLE", "OBJECT_COLUMN"].includes(node.RenameStmt.renameType ?? "")
      ? [nameOfRange(node.RenameStmt.relation)]
      : [];
  if ("TruncateStmt" in node)
    return (node.TruncateStmt.relations ?? []).flatMap((each) =>
      "RangeVar" in each ? [nameOfRange(each.RangeVar)] : [],
    );
  if ("ClusterStmt" in node) return [nameOfRange(node.ClusterStmt.relation)];
  return droppedObjects(node, "OBJECT_TABLE").map(({ name }) => name);
}

/** A foreign key takes SHARE ROW EXCLUSIVE, which lets readers through. */
function isStrong({ subtype, def }: { readonly subtype?: string; readonly def?: Node }): boolean {
  if (subtype === "AT_AddConstraint" && def !== undefined && "Constraint" in def)
    return def.Constraint.contype !== "CONSTR_FOREIGN";
  return !WEAK.has(subtype ?? "");
}

/** True for a statement whose time grows with a table that others use. */
export function isSlow(node: Node, scope: Before): boolean {
  if ("IndexStmt" in node) return !isOwnTable(scope, node.IndexStmt.relation);
  if ("RefreshMatViewStmt" in node || "ReindexStmt" in node || "ClusterStmt" in node) return true;
  if (alterCommandsOf(node, "AT_ValidateConstraint", "AT_AlterColumnType").length > 0)
    return !isOwnTable(scope, alterCommands(node)[0]?.range);
  return writesIn(node).some(
    ({ kind, table, condition }) =>
      (kind === "update" || kind === "delete") && !isOwnTable(scope, table) && !namesRows(condition),
  );
}

/** `id = 1` and its like: a condition that compares a column with constants. */
function namesRows(condition: unknown): boolean {
  const text = JSON.stringify(condition ?? null);
  return (
    /"AEXPR_(?:OP|IN)"/.test(text) &&
    /"A_Const"/.test(text) &&
    !/"(?:SubLink|NullTest)"/.test(text) &&
    /"sval":"="/.test(text)
  );
}
