import type { DestructiveAct } from "../model/destructive-act.ts";
import type { RelationName } from "../model/relation-name.ts";
import { alterTableActs } from "./destructive-alter.ts";
import { isEffectiveWhere } from "./always-true.ts";
import type { DropStmt, Node, RenameStmt } from "./parse.ts";
import { readMadeObject } from "./made-object.ts";
import { isRecord, namesOf, walkTree } from "./walk-tree.ts";
import { toName, toRelation } from "./relation-name.ts";

/**
 * What one statement takes away from what exists, as far as its text tells; what DO, CALL and functions do is not seen here.
 * Renames are among it, because a later statement may take away what then has another name.
 */
export function findDestructiveActs(node: Node): readonly DestructiveAct[] {
  if ("DropStmt" in node) return dropActs(node.DropStmt);
  if ("AlterTableStmt" in node) return alterTableActs(node.AlterTableStmt);
  if ("TruncateStmt" in node) {
    const cascades = node.TruncateStmt.behavior === "DROP_CASCADE";
    return (node.TruncateStmt.relations ?? []).flatMap((table) =>
      relationsOf(table).map((relation) => ({ kind: "truncate" as const, relation, cascades })),
    );
  }
  if ("RenameStmt" in node) return renameActs(node.RenameStmt);
  if ("AlterObjectSchemaStmt" in node) {
    const { relation, newschema } = node.AlterObjectSchemaStmt;
    const from = toRelation(relation);
    if (from === undefined || newschema === undefined) return [];
    return [{ kind: "rename_relation", relation: from, to: { schema: newschema, name: from.name } }];
  }
  const made = readMadeObject(node);
  if (made !== undefined) return [{ kind: "create", made }];
  if ("VariableSetStmt" in node && node.VariableSetStmt.name === "search_path") {
    const schemas = (node.VariableSetStmt.args ?? []).flatMap((argument) =>
      "A_Const" in argument ? [argument.A_Const.sval?.sval ?? ""] : [],
    );
    return [{ kind: "set_search_path", schemas }];
  }
  if ("DropOwnedStmt" in node) return [{ kind: "sweep", command: "DROP OWNED" }];
  if ("DropdbStmt" in node) return [{ kind: "sweep", command: "DROP DATABASE" }];
  return runsNothing(node) ? [] : rowActs(node);
}

/** Bodies that are stored run later, if ever. */
function runsNothing(node: Node): boolean {
  return ["RuleStmt", "PrepareStmt"].some((kind) => kind in node);
}

/** DELETE and UPDATE of every row, also inside WITH and EXPLAIN ANALYZE. */
function rowActs(node: Node): readonly DestructiveAct[] {
  const acts: DestructiveAct[] = [];
  walkTree(node, (kind, fields) => {
    if (kind !== "DeleteStmt" && kind !== "UpdateStmt") return;
    const where = fields["whereClause"];
    const relation = toRelation(fields["relation"]);
    if (relation === undefined || isEffectiveWhere(isNode(where) ? where : undefined)) return;
    acts.push({ kind: kind === "DeleteStmt" ? "delete_all" : "update_all", relation });
  });
  return acts;
}

function isNode(value: unknown): value is Node {
  return isRecord(value);
}

type DroppedKind = Extract<DestructiveAct, { kind: "drop" }>["what"];

/** What a drop takes away by itself, or only together with what depends on it (CASCADE). */
const droppedKinds: Readonly<Record<string, readonly [DroppedKind, "always" | "with_cascade"]>> = {
  OBJECT_TABLE: ["relation", "always"],
  OBJECT_SCHEMA: ["schema", "always"],
  OBJECT_EXTENSION: ["extension", "always"],
  OBJECT_VIEW: ["relation", "with_cascade"],
  OBJECT_MATVIEW: ["relation", "with_cascade"],
  OBJECT_FOREIGN_TABLE: ["relation", "with_cascade"],
  OBJECT_SEQUENCE: ["relation", "with_cascade"],
  OBJECT_INDEX: ["relation", "with_cascade"],
  OBJECT_TYPE: ["type", "with_cascade"],
  OBJECT_DOMAIN: ["type", "with_cascade"],
  OBJECT_FUNCTION: ["routine", "with_cascade"],
  OBJECT_PROCEDURE: ["routine", "with_cascade"],
  OBJECT_ROUTINE: ["routine", "with_cascade"],
  OBJECT_AGGREGATE: ["routine", "with_cascade"],
};

function dropActs({ objects = [], removeType, behavior }: DropStmt): readonly DestructiveAct[] {
  const cascades = behavior === "DROP_CASCADE";
  if (removeType === "OBJECT_POLICY") return objects.flatMap(droppedPolicy);
  const [what, when] = droppedKinds[removeType ?? ""] ?? [];
  if (what === undefined || (when === "with_cascade" && !cascades)) return [];
  return objects.flatMap((object) => {
    const name = toName(partsOf(object));
    return name === undefined ? [] : [{ kind: "drop" as const, what, object: name, cascades }];
  });
}

function droppedPolicy(object: Node): readonly DestructiveAct[] {
  const parts = partsOf(object);
  const policy = parts.at(-1);
  const relation = toName(parts.slice(0, -1));
  return policy === undefined || relation === undefined ? [] : [{ kind: "drop_policy", relation, policy }];
}

function partsOf(object: Node): readonly string[] {
  if ("List" in object) return namesOf(object.List.items);
  if ("ObjectWithArgs" in object) return namesOf(object.ObjectWithArgs.objname);
  if ("TypeName" in object) return namesOf(object.TypeName.names);
  return namesOf([object]);
}

function renameActs({ renameType, relation, subname, newname }: RenameStmt): readonly DestructiveAct[] {
  if (newname === undefined) return [];
  if (renameType === "OBJECT_SCHEMA" && subname !== undefined)
    return [{ kind: "rename_schema", schema: subname, to: newname }];
  const from = toRelation(relation);
  if (from === undefined) return [];
  if (renameType === "OBJECT_COLUMN" && subname !== undefined)
    return [{ kind: "rename_column", relation: from, column: subname, to: newname }];
  if (renameType !== "OBJECT_TABLE") return [];
  return [{ kind: "rename_relation", relation: from, to: { schema: from.schema, name: newname } }];
}

function relationsOf(node: Node): readonly RelationName[] {
  const relation = "RangeVar" in node ? toRelation(node.RangeVar) : undefined;
  return relation === undefined ? [] : [relation];
}
