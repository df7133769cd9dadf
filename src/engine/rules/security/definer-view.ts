import { whereItLands } from "../exposed-tables.ts";
import { isOptionOn } from "../../sql/classes/transaction-block.ts";
import { alterCommandsOf } from "../alter-table.ts";
import { show, nameOfRange, keyOf, isExposed, type Name } from "../names.ts";
import { findOption } from "../options.ts";
import type { Rule, Hit } from "../rule.ts";
import { following, type Scope } from "../scope.ts";

export const definerView: Rule = {
  id: "S08",
  name: "definer-view",
  group: "security",
  severity: "warning",
  detects: "A view in an exposed schema without security_invoker",
  why: "It reads as its owner: whoever may read the view passes by the row level security of its tables.",
  rewrite: "create view … with (security_invoker = true) as ….",
  check: ({ node }, scope) => {
    if (scope.live?.isSupabase === false) return [];
    if ("ViewStmt" in node) {
      const { view, options } = node.ViewStmt;
      if (view?.relpersistence === "t" || isOptionOn(options, "security_invoker")) return [];
      const name = nameOfRange(view);
      return isExposed(name.schema) && !isSetLater(name, scope)
        ? [{ object: show(name), ...whereItLands(name, scope) }]
        : [];
    }
    return alterCommandsOf(node, "AT_ResetRelOptions", "AT_SetRelOptions").flatMap(
      ({ table, command: { subtype, def } }): readonly Hit[] => {
        const options = def !== undefined && "List" in def ? def.List.items : [];
        if (findOption(options, "security_invoker") === undefined || !isExposed(table.schema)) return [];
        const staysOn = subtype === "AT_SetRelOptions" && isOptionOn(options, "security_invoker");
        return staysOn ? [] : [{ object: show(table), severity: "error" }];
      },
    );
  },
};

function isSetLater(view: Name, scope: Scope): boolean {
  return following(scope, view).some(({ node }) =>
    alterCommandsOf(node, "AT_SetRelOptions").some(
      ({ table, command: { def } }) =>
        keyOf(table) === keyOf(view) &&
        def !== undefined &&
        "List" in def &&
        isOptionOn(def.List.items, "security_invoker"),
    ),
  );
}
