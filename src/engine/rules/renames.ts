import type { Node } from "../sql/parse.ts";
import { nameOfRange, toName, partsOfObject, type Name } from "./names.ts";

/** A RENAME: what is renamed, in which object, and to what. */
export function renameOf(
  node: Node,
): { readonly kind: string; readonly object: Name; readonly from: string; readonly to: string } | undefined {
  if (!("RenameStmt" in node)) return undefined;
  const { renameType = "", relation, object, subname = "", newname = "" } = node.RenameStmt;
  const named =
    relation === undefined
      ? toName(object === undefined ? [] : partsOfObject(object))
      : nameOfRange(relation);
  return { kind: renameType, object: named, from: subname, to: newname };
}
