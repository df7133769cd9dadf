import type { DestructiveAct } from "../model/destructive-act.ts";
import { findDestructiveActs } from "./destructive-acts.ts";
import type { Node } from "./parse.ts";
import { unknownName } from "./dynamic-text.ts";
import { readProceduralBody } from "./procedural-statements.ts";
import { isRecord } from "./walk-tree.ts";

/** Renames inside a block may not happen: only what is taken away is told. */
const takesAway = new Set<DestructiveAct["kind"]>([
  "drop",
  "drop_column",
  "change_type",
  "truncate",
  "delete_all",
  "update_all",
  "lift_row_security",
  "drop_policy",
  "sweep",
]);

/** What a DO block takes away, as far as its body can be read; what EXECUTE puts together at run time is a sweep. */
export async function findActsInBlock(node: Node): Promise<readonly DestructiveAct[]> {
  const body = bodyOf(node);
  if (body === undefined) return [];
  const statements = await readProceduralBody(body);
  return statements.flatMap((inner) =>
    findDestructiveActs(inner.node)
      .filter(({ kind }) => takesAway.has(kind))
      .map((act) =>
        inner.isDynamic && JSON.stringify(act).includes(unknownName)
          ? { kind: "sweep" as const, command: "EXECUTE in a DO block" }
          : act,
      ),
  );
}

function bodyOf(node: Node): string | undefined {
  if (!("DoStmt" in node)) return undefined;
  for (const argument of node.DoStmt.args ?? []) {
    const element: unknown = "DefElem" in argument ? argument.DefElem : undefined;
    if (!isRecord(element) || element["defname"] !== "as") continue;
    const text = isRecord(element["arg"]) ? element["arg"]["String"] : undefined;
    return isRecord(text) && typeof text["sval"] === "string" ? text["sval"] : undefined;
  }
  return undefined;
}
