import { isOptionOn } from "../sql/classes/transaction-block.ts";
import type { Node } from "../sql/parse.ts";

/**
 * For a statement that runs alone: true where it stalls no reader and no writer while it waits for a lock, so that it may
 * wait for long: everything CONCURRENTLY, and VACUUM without FULL.
 */
export function waitsAside(node: Node): boolean {
  if ("ReindexStmt" in node) return isOptionOn(node.ReindexStmt.params, "concurrently");
  if ("VacuumStmt" in node) return !isOptionOn(node.VacuumStmt.options, "full");
  // These run alone only where they are CONCURRENTLY.
  return "IndexStmt" in node || "DropStmt" in node || "AlterTableStmt" in node;
}
