import type { Node } from "../../sql/parse.ts";
import { namesOf } from "../../sql/walk-tree.ts";
import { addedConstraints, hasConstraint, createdColumns } from "../alter-table.ts";
import { show, nameOfRange, keyOf, type Name } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { besides, following, preceding, type Scope } from "../scope.ts";
import type { StatementView } from "../statement-view.ts";

export const keysAndIndexes: Rule = {
  id: "S15",
  name: "keys-and-indexes",
  group: "security",
  severity: "info",
  detects: "A foreign key without an index, a table without a primary key, an index made twice",
  why: "Deleting a row of the parent reads the whole table.",
  rewrite: "create index on the key's columns.",
  check: ({ node }, scope) => [
    ...withoutPrimaryKey(node, scope),
    ...withoutIndex(node, scope),
    ...twice(node, scope),
  ],
};

function withoutPrimaryKey(node: Node, scope: Scope): readonly Hit[] {
  if (!("CreateStmt" in node)) return [];
  const { relation, tableElts = [], inhRelations = [] } = node.CreateStmt;
  const table = nameOfRange(relation);
  const own = tableElts.some(
    (each) =>
      ("Constraint" in each && each.Constraint.contype === "CONSTR_PRIMARY") || "TableLikeClause" in each,
  );
  const later = following(scope, table).some((view) =>
    addedConstraints(view.node).some(
      (added) => added.constraint.contype === "CONSTR_PRIMARY" && keyOf(added.table) === keyOf(table),
    ),
  );
  if (own || later || relation?.relpersistence === "t" || inhRelations.length > 0) return [];
  if (createdColumns(node).some((column) => hasConstraint(column, "CONSTR_PRIMARY"))) return [];
  return [
    {
      object: show(table),
      why: "Without a primary key, replicas and Realtime cannot tell rows apart.",
      rewrite: "id bigint generated always as identity primary key.",
    },
  ];
}

function withoutIndex(node: Node, scope: Scope): readonly Hit[] {
  return foreignKeys(node)
    .filter(({ table, column }) => !isIndexed(table, column, scope))
    .map(({ table, column }) => ({ object: `${show(table)}.${column}` }));
}

function foreignKeys(node: Node): readonly { readonly table: Name; readonly column: string }[] {
  const added = addedConstraints(node).flatMap(({ table, constraint, column }) =>
    constraint.contype === "CONSTR_FOREIGN"
      ? [{ table, column: column?.colname ?? namesOf(constraint.fk_attrs)[0] ?? "" }]
      : [],
  );
  if (!("CreateStmt" in node)) return added;
  const table = nameOfRange(node.CreateStmt.relation);
  const ofColumns = createdColumns(node).filter(
    (column) =>
      hasConstraint(column, "CONSTR_FOREIGN") && !hasConstraint(column, "CONSTR_PRIMARY", "CONSTR_UNIQUE"),
  );
  return [...added, ...ofColumns.map(({ colname = "" }) => ({ table, column: colname }))];
}

function isIndexed(table: Name, column: string, scope: Scope): boolean {
  const leads = (view: StatementView): boolean => {
    if (!("IndexStmt" in view.node) || keyOf(nameOfRange(view.node.IndexStmt.relation)) !== keyOf(table))
      return false;
    const [first] = view.node.IndexStmt.indexParams ?? [];
    return first !== undefined && "IndexElem" in first && first.IndexElem.name === column;
  };
  const live = scope.live
    ?.partsOf("index", table)
    .some(({ attributes }) => String(attributes["definition"] ?? "").includes(`(${column}`));
  return live === true || besides(scope, table).some(leads);
}

function twice(node: Node, scope: Scope): readonly Hit[] {
  if (!("IndexStmt" in node)) return [];
  const shape = shapeOf(node);
  const twin = preceding(scope, nameOfRange(node.IndexStmt.relation)).find(
    (view) => "IndexStmt" in view.node && shapeOf(view.node) === shape,
  );
  return twin === undefined
    ? []
    : [
        {
          object: show(nameOfRange(node.IndexStmt.relation)),
          why: `The statement in line ${twin.line} makes the same index.`,
          rewrite: "Remove one of the two.",
        },
      ];
}

function shapeOf(node: Node): string {
  if (!("IndexStmt" in node)) return "";
  const { relation, indexParams, whereClause, accessMethod } = node.IndexStmt;
  return JSON.stringify(
    [keyOf(nameOfRange(relation)), accessMethod, indexParams, whereClause],
    (key, value: unknown) => (key === "location" ? undefined : value),
  );
}
