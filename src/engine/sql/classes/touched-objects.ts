import type { Node } from "../parse.ts";
import { isRecord, namesOf } from "../walk-tree.ts";

/** A name that a statement defines or changes; `schema` is absent where the text does not give it. */
export type TouchedObject = { readonly kind: string; readonly schema?: string; readonly name: string };

/** The objects that a statement names as its own subject, where the parse tree gives them cheaply. */
export function touchedObjects(node: Node): readonly TouchedObject[] {
  if ("DropStmt" in node)
    return (node.DropStmt.objects ?? []).flatMap((object) =>
      qualified(objectKind(node.DropStmt.removeType), partsOf(object)),
    );
  if ("CreateFunctionStmt" in node)
    return qualified(
      node.CreateFunctionStmt.is_procedure === true ? "procedure" : "function",
      namesOf(node.CreateFunctionStmt.funcname),
    );
  if ("CreateEnumStmt" in node) return qualified("type", namesOf(node.CreateEnumStmt.typeName));
  if ("AlterEnumStmt" in node) return qualified("type", namesOf(node.AlterEnumStmt.typeName));
  if ("CreateDomainStmt" in node) return qualified("domain", namesOf(node.CreateDomainStmt.domainname));
  if ("CreateSchemaStmt" in node) return qualified("schema", [node.CreateSchemaStmt.schemaname ?? ""]);
  if ("CreateExtensionStmt" in node) return qualified("extension", [node.CreateExtensionStmt.extname ?? ""]);
  if ("AlterTableStmt" in node)
    return relation(objectKind(node.AlterTableStmt.objtype), node.AlterTableStmt.relation);
  if ("TruncateStmt" in node)
    return (node.TruncateStmt.relations ?? []).flatMap((table) =>
      "RangeVar" in table ? relation("table", table.RangeVar) : [],
    );
  return RELATION_FIELDS.flatMap(([statement, field, kind]) => {
    const fields: unknown = Object.entries(node).find(([name]) => name === statement)?.[1];
    return isRecord(fields) ? relation(kind, fields[field]) : [];
  });
}

const RELATION_FIELDS: readonly (readonly [string, string, string])[] = [
  ["CreateStmt", "relation", "table"],
  ["IndexStmt", "relation", "table"],
  ["ViewStmt", "view", "view"],
  ["CreateSeqStmt", "sequence", "sequence"],
  ["AlterSeqStmt", "sequence", "sequence"],
  ["CreatePolicyStmt", "table", "table"],
  ["AlterPolicyStmt", "table", "table"],
  ["CreateTrigStmt", "relation", "table"],
  ["RuleStmt", "relation", "table"],
  ["RenameStmt", "relation", "table"],
  ["InsertStmt", "relation", "table"],
  ["UpdateStmt", "relation", "table"],
  ["DeleteStmt", "relation", "table"],
  ["MergeStmt", "relation", "table"],
  ["CopyStmt", "relation", "table"],
  ["RefreshMatViewStmt", "relation", "materialized_view"],
];

function relation(kind: string, range: unknown): readonly TouchedObject[] {
  if (!isRecord(range) || typeof range["relname"] !== "string") return [];
  return qualified(
    kind,
    typeof range["schemaname"] === "string" ? [range["schemaname"], range["relname"]] : [range["relname"]],
  );
}

function partsOf(object: Node): readonly string[] {
  if ("List" in object) return namesOf(object.List.items);
  if ("ObjectWithArgs" in object) return namesOf(object.ObjectWithArgs.objname);
  if ("TypeName" in object) return namesOf(object.TypeName.names);
  return namesOf([object]);
}

/** A policy, trigger, rule or constraint is named behind its table: its own name is the last part all the same. */
function qualified(kind: string, parts: readonly string[]): readonly TouchedObject[] {
  const name = parts.at(-1);
  if (name === undefined || name === "") return [];
  const schema = WITHIN_TABLE.has(kind) ? parts.at(-3) : parts.at(-2);
  return [{ kind, ...(schema === undefined ? {} : { schema }), name }];
}

const WITHIN_TABLE = new Set(["policy", "trigger", "rule"]);

function objectKind(objectType: string | undefined): string {
  const kind = (objectType ?? "").replace(/^OBJECT_/, "").toLowerCase();
  return kind === "matview" ? "materialized_view" : kind;
}
