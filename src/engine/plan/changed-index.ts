import type { PlannedStatement } from "../model/plan.ts";
import type { Node } from "../sql/parse.ts";
import { namesOf } from "../sql/walk-tree.ts";

/** The named index that a CREATE or DROP INDEX CONCURRENTLY is about: what the catalog shows tells whether it was carried out. */
export function changedIndex(node: Node): PlannedStatement["indexChange"] {
  if ("IndexStmt" in node) {
    const { concurrent, idxname, relation } = node.IndexStmt;
    if (concurrent !== true || idxname === undefined) return undefined;
    return { kind: "create", index: { schema: relation?.schemaname, name: idxname } };
  }
  if (!("DropStmt" in node) || node.DropStmt.concurrent !== true) return undefined;
  const [first] = node.DropStmt.objects ?? [];
  const names = first !== undefined && "List" in first ? namesOf(first.List.items) : [];
  const name = names.at(-1);
  return name === undefined ? undefined : { kind: "drop", index: { schema: names.at(-2), name } };
}
