import type { MadeObject } from "../model/destructive-act.ts";
import type { RelationName } from "../model/relation-name.ts";
import type { Node } from "./parse.ts";
import { toName, toRelation } from "./relation-name.ts";
import { namesOf } from "./walk-tree.ts";

/** The view, routine, policy or trigger that a statement makes; undefined for every other statement. */
export function readMadeObject(node: Node): MadeObject | undefined {
  if ("CreatePolicyStmt" in node) {
    const { table, policy_name } = node.CreatePolicyStmt;
    return toPart("policy", toRelation(table), policy_name);
  }
  if ("CreateTrigStmt" in node) {
    const { relation, trigname } = node.CreateTrigStmt;
    return toPart("trigger", toRelation(relation), trigname);
  }
  if ("ViewStmt" in node) return toView(toRelation(node.ViewStmt.view));
  if ("CreateTableAsStmt" in node && node.CreateTableAsStmt.objtype === "OBJECT_MATVIEW")
    return toView(toRelation(node.CreateTableAsStmt.into?.rel));
  if (!("CreateFunctionStmt" in node)) return undefined;
  const relation = toName(namesOf(node.CreateFunctionStmt.funcname));
  const taken = (node.CreateFunctionStmt.parameters ?? []).filter(
    (each) => "FunctionParameter" in each && !isResult(each.FunctionParameter.mode),
  );
  return relation === undefined ? undefined : { what: "routine", relation, arguments: taken.length };
}

function isResult(mode: string | undefined): boolean {
  return mode === "FUNC_PARAM_OUT" || mode === "FUNC_PARAM_TABLE";
}

function toPart(
  what: "policy" | "trigger",
  relation: RelationName | undefined,
  name: string | undefined,
): MadeObject | undefined {
  return relation === undefined || name === undefined ? undefined : { what, relation, name };
}

function toView(relation: RelationName | undefined): MadeObject | undefined {
  return relation === undefined ? undefined : { what: "relation", relation };
}
