import type { RelationName } from "../model/relation-name.ts";
import type { Node } from "../sql/parse.ts";
import type { PlannedPiece } from "../sql/plan-statements.ts";
import { toRelation } from "../sql/relation-name.ts";

/**
 * The UPDATE statements that write only columns which the migration itself has added before, by their index: such a column holds
 * nothing that could be overwritten. ADD COLUMN IF NOT EXISTS does not count: the column may be there with values.
 */
export function findFills(pieces: readonly PlannedPiece[]): ReadonlyMap<number, RelationName> {
  const added = new Set<string>();
  const fills = new Map<number, RelationName>();
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== "statement") continue;
    for (const key of columnsAdded(piece.node)) added.add(key);
    const filled = fillOf(piece.node, added);
    if (filled !== undefined) fills.set(index, filled);
  }
  return fills;
}

function columnsAdded(node: Node): readonly string[] {
  if (!("AlterTableStmt" in node)) return [];
  const { cmds = [], objtype } = node.AlterTableStmt;
  const relation = toRelation(node.AlterTableStmt.relation);
  if (relation === undefined || objtype !== "OBJECT_TABLE") return [];
  return cmds.flatMap((each) => {
    if (!("AlterTableCmd" in each)) return [];
    const { subtype, def, missing_ok: mayExist } = each.AlterTableCmd;
    const isNew = subtype === "AT_AddColumn" && mayExist !== true;
    return isNew && def !== undefined && "ColumnDef" in def
      ? [keyOf(relation, def.ColumnDef.colname ?? "")]
      : [];
  });
}

function fillOf(node: Node, added: ReadonlySet<string>): RelationName | undefined {
  if (!("UpdateStmt" in node)) return undefined;
  const { relation: range, targetList = [], withClause } = node.UpdateStmt;
  const relation = toRelation(range);
  // What stands in WITH may change rows of its own.
  if (relation === undefined || withClause !== undefined || targetList.length === 0) return undefined;
  const columns = targetList.map((each) => ("ResTarget" in each ? (each.ResTarget.name ?? "") : ""));
  return columns.every((column) => added.has(keyOf(relation, column))) ? relation : undefined;
}

function keyOf({ schema = "public", name }: RelationName, column: string): string {
  return JSON.stringify([schema, name, column]);
}
