import { namesOf } from "../../sql/walk-tree.ts";
import { alterCommandsOf, addedConstraints, type AddedConstraint } from "../alter-table.ts";
import { show, nameOfRange } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";

export const dataDependent: Rule = {
  id: "C09",
  name: "data-dependent",
  group: "compatibility",
  severity: "info",
  detects: "A constraint that rows may break already",
  why: "It fails where rows break it already.",
  rewrite: "Count the rows that break it first.",
  check: ({ node }, scope) => [
    ...addedConstraints(node).flatMap((added) => describe(added, scope)),
    ...alterCommandsOf(node, "AT_SetNotNull").flatMap(({ table, command: { name = "" } }): readonly Hit[] =>
      isOwnTable(scope, table)
        ? []
        : [
            {
              object: `${show(table)}.${name}`,
              rewrite: `Run first: select count(*) from ${show(table)} where ${name} is null`,
            },
          ],
    ),
  ],
};

function describe({ table, constraint, column }: AddedConstraint, scope: Scope): readonly Hit[] {
  if (column !== undefined || constraint.skip_validation === true || isOwnTable(scope, table)) return [];
  const object = show(table);
  const keys = namesOf(constraint.keys).join(", ");
  if (constraint.contype === "CONSTR_UNIQUE" && keys !== "")
    return [
      {
        object,
        rewrite: `Run first: select ${keys}, count(*) from ${object} group by ${keys} having count(*) > 1`,
      },
    ];
  if (constraint.contype === "CONSTR_FOREIGN") {
    const own = namesOf(constraint.fk_attrs)[0] ?? "";
    const parent = show(nameOfRange(constraint.pktable));
    return [
      { object, rewrite: `Run first: count the rows of ${object} whose ${own} is in no row of ${parent}` },
    ];
  }
  return constraint.contype === "CONSTR_CHECK"
    ? [{ object, rewrite: `Run first: count the rows of ${object} that the check refuses` }]
    : [];
}
