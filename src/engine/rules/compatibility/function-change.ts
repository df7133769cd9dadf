import type { Node } from "../../sql/parse.ts";
import { droppedObjects, argumentTypes } from "../ledger.ts";
import { show, nameOfList, keyOf, isExposed, type Name } from "../names.ts";
import { isRemade } from "../remade.ts";
import type { Rule, Hit } from "../rule.ts";
import { isNew, preceding, type Scope } from "../scope.ts";

export const functionChange: Rule = {
  id: "C06",
  name: "function-change",
  group: "compatibility",
  severity: "warning",
  detects: "DROP FUNCTION, and a second function of the same name",
  why: "Calls of the function fail; with two of one name PostgREST cannot choose (PGRST203).",
  rewrite: "CREATE OR REPLACE with the same arguments, or a function under a new name.",
  check: ({ node }, scope) => [...dropped(node, scope), ...overloaded(node, scope)],
};

const ROUTINES = ["OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE"];

function dropped(node: Node, scope: Scope): readonly Hit[] {
  if (!("DropStmt" in node)) return [];
  const { removeType = "" } = node.DropStmt;
  return droppedObjects(node, ...ROUTINES)
    .filter(({ name }) => !isNew(scope, "routine", name))
    .map(({ name }) =>
      isRemade(removeType, name, scope)
        ? {
            object: show(name),
            severity: "info",
            why: "It is made again further down; clients that pass other arguments fail.",
          }
        : { object: show(name) },
    );
}

/** Only among what is known: this migration's own functions, and the live ones. */
function overloaded(node: Node, scope: Scope): readonly Hit[] {
  if (!("CreateFunctionStmt" in node)) return [];
  const name = nameOfList(node.CreateFunctionStmt.funcname);
  if (!isExposed(name.schema)) return [];
  const types = argumentTypes(node);
  const twin = scope.made.routine(keyOf(name));
  const isTwin = twin !== undefined && argumentTypes(twin.node).length !== types.length;
  const live =
    scope.live
      ?.all("function")
      .filter(({ id }) => id.schema === (name.schema ?? "public") && id.name === name.name) ?? [];
  const isLiveTwin = live.length > 0 && live.every(({ id }) => countTypes(id.signature) !== types.length);
  if ((!isTwin && !isLiveTwin) || isDroppedBefore(name, scope)) return [];
  return [
    {
      object: show(name),
      why: "It stands beside a function of the same name with other arguments, and PostgREST cannot choose (PGRST203).",
    },
  ];
}

function countTypes(signature: string | undefined): number {
  return signature === undefined || signature === "" ? 0 : signature.split(",").length;
}

function isDroppedBefore(name: Name, scope: Scope): boolean {
  return preceding(scope, name).some(({ node }) =>
    droppedObjects(node, ...ROUTINES).some((each) => keyOf(each.name) === keyOf(name)),
  );
}
