import type { TypeName } from "../sql/parse.ts";
import { isRecord, namesOf, walkTree } from "../sql/walk-tree.ts";

/** A type as a statement writes it: without the catalog's schema, and with its modifiers, such as `varchar` and 10. */
export interface WrittenType {
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
}

export function readType(type: TypeName | undefined): WrittenType {
  return {
    name: namesOf(type?.names)
      .filter((part) => part !== "pg_catalog")
      .join("."),
    modifiers: (type?.typmods ?? []).flatMap((each) =>
      "A_Const" in each && each.A_Const.ival !== undefined ? [each.A_Const.ival.ival ?? 0] : [],
    ),
    isArray: (type?.arrayBounds ?? []).length > 0,
  };
}

/** Every text constant in a tree. */
export function textsIn(root: unknown): readonly string[] {
  const texts: string[] = [];
  walkTree(root, (kind, fields) => {
    if (kind === "sval" && typeof fields["sval"] === "string") texts.push(fields["sval"]);
    if (kind === "String" && typeof fields["sval"] === "string") texts.push(fields["sval"]);
  });
  return texts;
}

/** One call of a function; names as written, without the catalog's schema. */
export interface FunctionCall {
  readonly schema: string | undefined;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Every function that a tree calls. */
export function functionCalls(root: unknown): readonly FunctionCall[] {
  const isTree = isRecord(root);
  const known = isTree ? callsFound.get(root) : undefined;
  if (known !== undefined) return known;
  const calls = readCalls(root);
  if (isTree) callsFound.set(root, calls);
  return calls;
}

/** Many rules ask the same of one tree. */
const callsFound = new WeakMap<object, readonly FunctionCall[]>();

function readCalls(root: unknown): readonly FunctionCall[] {
  const calls: FunctionCall[] = [];
  walkTree(root, (kind, fields) => {
    if (kind === "FuncCall") calls.push(toCall(fields));
  });
  return calls;
}

/** A function call from its node. */
export function toCall(fields: Readonly<Record<string, unknown>>): FunctionCall {
  const names = namesOf(fields["funcname"]);
  const schema = names.at(-2);
  return {
    schema: schema === "pg_catalog" ? undefined : schema,
    name: names.at(-1) ?? "",
    args: Array.isArray(fields["args"]) ? fields["args"] : [],
  };
}

/** The columns that an expression reads, by their own names. */
export function columnsIn(root: unknown): readonly string[] {
  const columns: string[] = [];
  walkTree(root, (kind, fields) => {
    if (kind === "ColumnRef") columns.push(namesOf(fields["fields"]).at(-1) ?? "");
  });
  return columns;
}
