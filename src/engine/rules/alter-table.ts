import type { AlterTableCmd, ColumnDef, Constraint, Node, RangeVar } from "../sql/parse.ts";
import { nameOfRange, type Name } from "./names.ts";

/** One command of an ALTER TABLE, with the table that it is about. */
export interface AlterCommand {
  readonly table: Name;
  readonly range: RangeVar | undefined;
  readonly command: AlterTableCmd;
  /** As the tree names it, such as `OBJECT_TABLE`. */
  readonly objectType: string;
}

/** A constraint that is added to a table, by itself or with a column. */
export interface AddedConstraint {
  readonly table: Name;
  readonly constraint: Constraint;
  /** The column that it comes with. */
  readonly column: ColumnDef | undefined;
}

/** The commands of ALTER TABLE and its like; none for every other statement. */
export function alterCommands(node: Node): readonly AlterCommand[] {
  if (!("AlterTableStmt" in node)) return [];
  const { relation, cmds = [], objtype = "" } = node.AlterTableStmt;
  return cmds.flatMap((each) =>
    "AlterTableCmd" in each
      ? [{ table: nameOfRange(relation), range: relation, command: each.AlterTableCmd, objectType: objtype }]
      : [],
  );
}

/** The commands of one kind, such as `AT_DropColumn`. */
export function alterCommandsOf(node: Node, ...subtypes: readonly string[]): readonly AlterCommand[] {
  return alterCommands(node).filter(({ command }) => subtypes.includes(command.subtype ?? ""));
}

/** The columns that ALTER TABLE adds. */
export function addedColumns(node: Node): readonly { readonly table: Name; readonly column: ColumnDef }[] {
  return alterCommandsOf(node, "AT_AddColumn").flatMap(({ table, command: { def } }) =>
    def !== undefined && "ColumnDef" in def ? [{ table, column: def.ColumnDef }] : [],
  );
}

/** The constraints that ALTER TABLE adds, those of added columns among them. */
export function addedConstraints(node: Node): readonly AddedConstraint[] {
  const own = alterCommandsOf(node, "AT_AddConstraint").flatMap(({ table, command: { def } }) =>
    def !== undefined && "Constraint" in def
      ? [{ table, constraint: def.Constraint, column: undefined }]
      : [],
  );
  const ofColumns = addedColumns(node).flatMap(({ table, column }) =>
    constraintsOf(column).map((constraint) => ({ table, constraint, column })),
  );
  return [...own, ...ofColumns];
}

/** The constraints that a column is defined with. */
export function constraintsOf(column: ColumnDef): readonly Constraint[] {
  return (column.constraints ?? []).flatMap((each) => ("Constraint" in each ? [each.Constraint] : []));
}

/** The expression of a column's DEFAULT. */
export function defaultOf(column: ColumnDef): Node | undefined {
  return constraintsOf(column).find(({ contype }) => contype === "CONSTR_DEFAULT")?.raw_expr;
}

/** True where a column comes with a constraint of one of these kinds, such as `CONSTR_NOTNULL`. */
export function hasConstraint(column: ColumnDef, ...kinds: readonly string[]): boolean {
  return constraintsOf(column).some(({ contype }) => kinds.includes(contype ?? ""));
}

/** The columns that CREATE TABLE defines. */
export function createdColumns(node: Node): readonly ColumnDef[] {
  if (!("CreateStmt" in node)) return [];
  return (node.CreateStmt.tableElts ?? []).flatMap((each) => ("ColumnDef" in each ? [each.ColumnDef] : []));
}
