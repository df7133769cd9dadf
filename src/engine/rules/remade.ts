import type { Node } from "../sql/parse.ts";
import { nameOfRange, nameOfList, keyOf, type Name } from "./names.ts";
import { following, type Scope } from "./scope.ts";

/** Kinds that CREATE makes by a statement of their own, by the kind that DROP names. */
const MAKERS: Readonly<Record<string, (node: Node) => Name | undefined>> = {
  OBJECT_VIEW: (node) => ("ViewStmt" in node ? nameOfRange(node.ViewStmt.view) : undefined),
  OBJECT_MATVIEW: (node) =>
    "CreateTableAsStmt" in node ? nameOfRange(node.CreateTableAsStmt.into?.rel) : undefined,
  OBJECT_FUNCTION: routine,
  OBJECT_PROCEDURE: routine,
  OBJECT_ROUTINE: routine,
  OBJECT_TYPE: (node) => {
    if ("CreateEnumStmt" in node) return nameOfList(node.CreateEnumStmt.typeName);
    if ("CompositeTypeStmt" in node) return nameOfRange(node.CompositeTypeStmt.typevar);
    return "DefineStmt" in node ? nameOfList(node.DefineStmt.defnames) : undefined;
  },
  OBJECT_DOMAIN: (node) =>
    "CreateDomainStmt" in node ? nameOfList(node.CreateDomainStmt.domainname) : undefined,
  OBJECT_SEQUENCE: (node) => ("CreateSeqStmt" in node ? nameOfRange(node.CreateSeqStmt.sequence) : undefined),
  OBJECT_AGGREGATE: (node) => ("DefineStmt" in node ? nameOfList(node.DefineStmt.defnames) : undefined),
};

function routine(node: Node): Name | undefined {
  return "CreateFunctionStmt" in node ? nameOfList(node.CreateFunctionStmt.funcname) : undefined;
}

/** True where a later statement of the migration makes the object again under its name. */
export function isRemade(kind: string, name: Name, scope: Scope): boolean {
  const maker = MAKERS[kind];
  return following(scope, name).some(({ node }) => {
    const made = maker?.(node);
    return made !== undefined && keyOf(made) === keyOf(name);
  });
}
