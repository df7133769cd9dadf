import type { DestructiveAct } from "../model/destructive-act.ts";
import type { RelationName } from "../model/relation-name.ts";
import type { AlterTableCmd, AlterTableStmt, ColumnDef, Node } from "./parse.ts";
import { quoteIdentifier } from "./quote.ts";
import { toRelation } from "./relation-name.ts";
import { isRecord, namesOf } from "./walk-tree.ts";

/** What ALTER TABLE takes away: columns, values, row-level security. */
export function alterTableActs(statement: AlterTableStmt): readonly DestructiveAct[] {
  const relation = toRelation(statement.relation);
  if (relation === undefined || statement.objtype !== "OBJECT_TABLE") return [];
  return (statement.cmds ?? []).flatMap((command) =>
    "AlterTableCmd" in command ? commandActs(relation, command.AlterTableCmd) : [],
  );
}

function commandActs(relation: RelationName, command: AlterTableCmd): readonly DestructiveAct[] {
  const { subtype, name: column, behavior, def } = command;
  if (subtype === "AT_DisableRowSecurity" || subtype === "AT_NoForceRowSecurity")
    return [{ kind: "lift_row_security", relation }];
  if (column === undefined) return [];
  if (subtype === "AT_DropColumn")
    return [{ kind: "drop_column", relation, column, cascades: behavior === "DROP_CASCADE" }];
  if (subtype !== "AT_AlterColumnType" || def === undefined || !("ColumnDef" in def)) return [];
  return [{ kind: "change_type", relation, column, ...newTypeOf(def.ColumnDef, column) }];
}

function newTypeOf(
  definition: ColumnDef,
  column: string,
): Pick<Extract<DestructiveAct, { kind: "change_type" }>, "newType" | "isComputed"> {
  const using: unknown = definition.raw_default;
  const newType = writeType(definition.typeName);
  return { newType, isComputed: isRecord(using) && !isPlainCast(using, column, newType) };
}

/** `USING column` and `USING column::type` say nothing that the type alone does not. */
function isPlainCast(using: Readonly<Record<string, unknown>>, column: string, newType: unknown): boolean {
  const cast = using["TypeCast"];
  if (isRecord(cast)) {
    const arg = cast["arg"];
    return isRecord(arg) && writeType(cast["typeName"]) === newType && isPlainCast(arg, column, newType);
  }
  const reference = using["ColumnRef"];
  return isRecord(reference) && namesOf(reference["fields"]).join(".") === column;
}

/** A type's name with its length and array brackets, as SQL. */
function writeType(type: unknown): string | undefined {
  if (!isRecord(type)) return undefined;
  const names = namesOf(type["names"]);
  const [first, ...rest] = names;
  if (first === undefined || type["setof"] === true) return undefined;
  const modifiers = modifiersOf(type["typmods"]);
  if (modifiers === undefined) return undefined;
  const brackets = Array.isArray(type["arrayBounds"]) ? "[]".repeat(type["arrayBounds"].length) : "";
  const name = [first, ...rest].map(quoteIdentifier).join(".");
  return `${name}${modifiers.length === 0 ? "" : `(${modifiers.join(",")})`}${brackets}`;
}

function modifiersOf(modifiers: unknown): readonly number[] | undefined {
  if (!Array.isArray(modifiers)) return [];
  const numbers = modifiers.map((each: Node) =>
    "A_Const" in each ? (each.A_Const.ival?.ival ?? 0) : undefined,
  );
  return numbers.some((each) => each === undefined) ? undefined : numbers.flatMap((each) => each ?? []);
}
