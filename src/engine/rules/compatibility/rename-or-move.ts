import { show, nameOfRange, toName, partsOfObject, type Name } from "../names.ts";
import { renameOf } from "../renames.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable, isNew, type Scope } from "../scope.ts";

/** What clients and other objects call by its name; a constraint or an index they do not. */
const NAMED =
  /^OBJECT_(?:FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|TYPE|DOMAIN|SCHEMA|SEQUENCE|ROLE|DATABASE|EXTENSION|FOREIGN_SERVER|PUBLICATION)$/;

export const renameOrMove: Rule = {
  id: "C03",
  name: "rename-or-move",
  group: "compatibility",
  severity: "warning",
  detects: "RENAME of a function, type, schema, sequence or role, and SET SCHEMA",
  why: "Whoever still calls it by its old name fails.",
  rewrite: "Make the new one beside it, and drop the old one when nothing uses it.",
  check: ({ node }, scope) => {
    if ("AlterObjectSchemaStmt" in node) {
      const { relation, object, objectType, newschema = "" } = node.AlterObjectSchemaStmt;
      // Where extensions belong (S14); whoever calls them finds them by the search path.
      if (objectType === "OBJECT_EXTENSION" && newschema === "extensions") return [];
      const name =
        relation === undefined
          ? toName(object === undefined ? [] : partsOfObject(object))
          : nameOfRange(relation);
      return isMadeHere(name, scope)
        ? []
        : [
            {
              object: show(name),
              why: `Whoever names it in its old schema fails: it moves to ${newschema}.`,
            },
          ];
    }
    const rename = renameOf(node);
    if (rename === undefined || !NAMED.test(rename.kind)) return [];
    if (rename.object.name === "")
      return ["schema", "role"].some((kind) => scope.made.has(kind, rename.from))
        ? []
        : [{ object: rename.from }];
    return isMadeHere(rename.object, scope) ? [] : [{ object: show(rename.object) }];
  },
};

function isMadeHere(name: Name, scope: Scope): boolean {
  return (
    isOwnTable(scope, name) ||
    ["type", "routine", "defined"].some((kind) => isNew(scope, kind, name)) ||
    scope.made.has("schema", name.name)
  );
}
