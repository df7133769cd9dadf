import { writesIn } from "../writes.ts";
import type { Hit } from "../rule.ts";
import type { Node } from "../../sql/parse.ts";
import { namesOf } from "../../sql/walk-tree.ts";
import { droppedObjects } from "../ledger.ts";
import { show, nameOfRange, nameOfList, keyOf, isManaged, type Name } from "../names.ts";
import { policyOf } from "../policies.ts";
import type { Rule } from "../rule.ts";

export const managedSchema: Rule = {
  id: "S18",
  name: "managed-schema",
  group: "security",
  severity: "warning",
  detects: "Objects made, changed or dropped in a schema that Supabase manages, and triggers on its tables",
  why: "Supabase's own migrations change these schemas: they or this one may fail, and a failing trigger on auth.users stops every sign-up.",
  rewrite: "Keep own objects in own schemas; let a trigger on auth.users do one insert that cannot fail.",
  check: ({ node }) => {
    const found = subjects(node).filter(({ schema }) => isManaged(schema));
    return [...found.map((name) => ({ object: show(name) })), ...catalogWrites(node)];
  },
};

/** Rows of PostgreSQL's own catalog, and of Supabase's users. */
function catalogWrites(node: Node): readonly Hit[] {
  return writesIn(node).flatMap(({ table }): readonly Hit[] => {
    const object = show(table);
    if (table.schema === "pg_catalog" || (table.schema === undefined && table.name.startsWith("pg_")))
      return [
        {
          object,
          severity: "error",
          why: "The server's catalog is written by statements that keep it whole, never by hand.",
        },
      ];
    return table.schema === "auth" ? [{ object, why: "Rows of auth belong to Supabase's own service." }] : [];
  });
}

/** What the statement makes or changes; policies on storage.objects and rows are what these schemas are for. */
function subjects(node: Node): readonly Name[] {
  if ("CreateStmt" in node) return [nameOfRange(node.CreateStmt.relation)];
  if ("CreateTableAsStmt" in node) return [nameOfRange(node.CreateTableAsStmt.into?.rel)];
  if ("AlterTableStmt" in node) return onlyOwner(node) ? [] : [nameOfRange(node.AlterTableStmt.relation)];
  if ("ViewStmt" in node) return [nameOfRange(node.ViewStmt.view)];
  if ("IndexStmt" in node) return [nameOfRange(node.IndexStmt.relation)];
  if ("CreateTrigStmt" in node) return [nameOfRange(node.CreateTrigStmt.relation)];
  if ("RuleStmt" in node) return [nameOfRange(node.RuleStmt.relation)];
  if ("CreateSeqStmt" in node) return [nameOfRange(node.CreateSeqStmt.sequence)];
  if ("CreateForeignTableStmt" in node) return [nameOfRange(node.CreateForeignTableStmt.base?.relation)];
  if ("TruncateStmt" in node)
    return (node.TruncateStmt.relations ?? []).flatMap((each) =>
      "RangeVar" in each ? [nameOfRange(each.RangeVar)] : [],
    );
  if ("RenameStmt" in node && node.RenameStmt.relation !== undefined)
    return [nameOfRange(node.RenameStmt.relation)];
  if ("CreateFunctionStmt" in node) return [nameOfList(node.CreateFunctionStmt.funcname)];
  if ("AlterFunctionStmt" in node) return [nameOfList(node.AlterFunctionStmt.func?.objname)];
  if ("CreateEnumStmt" in node) return [nameOfList(node.CreateEnumStmt.typeName)];
  if ("AlterEnumStmt" in node) return [nameOfList(node.AlterEnumStmt.typeName)];
  if ("CompositeTypeStmt" in node) return [nameOfRange(node.CompositeTypeStmt.typevar)];
  if ("AlterObjectSchemaStmt" in node)
    return [
      {
        schema: node.AlterObjectSchemaStmt.newschema ?? "",
        name: nameOfRange(node.AlterObjectSchemaStmt.relation).name,
      },
    ].filter(({ schema }) => schema !== "extensions");
  return policiesAndDrops(node);
}

function policiesAndDrops(node: Node): readonly Name[] {
  const policy = policyOf(node)?.table;
  if (policy !== undefined) return isForPolicies(policy) ? [] : [policy];
  const drops = droppedObjects(
    node,
    "OBJECT_TABLE",
    "OBJECT_VIEW",
    "OBJECT_MATVIEW",
    "OBJECT_FUNCTION",
    "OBJECT_TYPE",
    "OBJECT_SEQUENCE",
    "OBJECT_INDEX",
  );
  return [...drops.map(({ name }) => name), ...wholeSchemas(node)];
}

/** A schema that is dropped, renamed or given to another owner. */
function wholeSchemas(node: Node): readonly Name[] {
  const dropped = droppedObjects(node, "OBJECT_SCHEMA").map(({ name }) => name.name);
  const renamed =
    "RenameStmt" in node && node.RenameStmt.renameType === "OBJECT_SCHEMA"
      ? [node.RenameStmt.subname ?? ""]
      : [];
  const owned =
    "AlterOwnerStmt" in node && node.AlterOwnerStmt.objectType === "OBJECT_SCHEMA"
      ? namesOf([node.AlterOwnerStmt.object])
      : [];
  return [...dropped, ...renamed, ...owned].map((schema) => ({ schema, name: "*" }));
}

function isForPolicies(table: Name): boolean {
  return ["storage.objects", "storage.buckets", "realtime.messages"].includes(keyOf(table));
}

/** Dumps restate who owns what. */
function onlyOwner(node: Node): boolean {
  return (
    "AlterTableStmt" in node &&
    (node.AlterTableStmt.cmds ?? []).every(
      (each) => "AlterTableCmd" in each && each.AlterTableCmd.subtype === "AT_ChangeOwner",
    )
  );
}
