import { show, keyOf, type Name } from "../names.ts";
import { routineOf } from "../routines.ts";
import type { Rule } from "../rule.ts";
import { following, type Scope } from "../scope.ts";

export const functionSearchPath: Rule = {
  id: "S11",
  name: "function-search-path",
  group: "security",
  severity: "warning",
  detects: "A SECURITY DEFINER function without a fixed search_path, and a search_path reset",
  why: "Whoever calls it chooses the search path, and so which tables and functions it uses as its owner.",
  rewrite: "set search_path = '', with every name qualified.",
  check: ({ node }, scope) => {
    const routine = routineOf(node);
    if (routine === undefined || routine.isAtomic) return [];
    const object = show(routine.name);
    if (routine.searchPath === "reset") return [{ object }];
    if (routine.searchPath === "fixed" || (!routine.isNew && !routine.isDefiner)) return [];
    if (isFixedLater(routine.name, scope)) return [];
    return [
      routine.isDefiner
        ? { object }
        : {
            object,
            severity: "info",
            why: "The search path of whoever calls it decides which tables and functions it uses.",
          },
    ];
  },
};

function isFixedLater(name: Name, scope: Scope): boolean {
  return following(scope, name).some(({ node }) => {
    const routine = routineOf(node);
    return (
      routine !== undefined &&
      !routine.isNew &&
      routine.searchPath === "fixed" &&
      keyOf(routine.name) === keyOf(name)
    );
  });
}
