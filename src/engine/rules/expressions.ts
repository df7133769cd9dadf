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

/** A constant as text, behind casts; undefined for everything else. */
export function constantText(node: unknown): string | undefined {
  if (!isRecord(node)) return undefined;
  if (isRecord(node["TypeCast"])) return constantText(node["TypeCast"]["arg"]);
  const constant = node["A_Const"];
  if (!isRecord(constant)) return undefined;
  if (isRecord(constant["boolval"])) return constant["boolval"]["boolval"] === true ? "true" : "false";
  if (isRecord(constant["ival"])) return String(constant["ival"]["ival"] ?? 0);
  if (isRecord(constant["fval"])) return String(constant["fval"]["fval"] ?? "0");
  if (isRecord(constant["sval"])) return String(constant["sval"]["sval"] ?? "");
  return undefined;
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

/**
 * True for a condition that holds for every row, whatever the rows are: `true`, `1 = 1`, `id = id`, `x or true`,
 * `not false`, `exists (select 1)`, and their like.
 */
export function isAlwaysTrue(condition: unknown): boolean {
  return truthOf(condition) === true;
}

function truthOf(node: unknown): boolean | undefined {
  if (!isRecord(node)) return undefined;
  const constant = constantText(node);
  if (constant !== undefined) return toTruth(constant);
  if (isRecord(node["BoolExpr"])) return truthOfLogic(node["BoolExpr"]);
  if (isRecord(node["A_Expr"])) return truthOfComparison(node["A_Expr"]);
  if (isRecord(node["TypeCast"])) return truthOf(node["TypeCast"]["arg"]);
  if (isRecord(node["BooleanTest"])) return truthOfTest(node["BooleanTest"]);
  if (isRecord(node["NullTest"])) return truthOfNullTest(node["NullTest"]);
  if (isRecord(node["SubLink"])) return truthOfSublink(node["SubLink"]);
  return undefined;
}

function toTruth(text: string): boolean | undefined {
  if (/^(?:t|true|yes|y|on|1)$/i.test(text.trim())) return true;
  return /^(?:f|false|no|n|off|0)$/i.test(text.trim()) ? false : undefined;
}

function truthOfLogic(fields: Readonly<Record<string, unknown>>): boolean | undefined {
  const parts = Array.isArray(fields["args"]) ? fields["args"].map(truthOf) : [];
  if (fields["boolop"] === "NOT_EXPR") return parts[0] === undefined ? undefined : !parts[0];
  const decisive = fields["boolop"] === "OR_EXPR";
  if (parts.includes(decisive)) return decisive;
  return parts.every((part) => part === !decisive) ? !decisive : undefined;
}

const ALWAYS = new Set(["=", "<=", ">=", "~~", "~~*"]);
const NEVER = new Set(["<>", "!=", "<", ">"]);

function truthOfComparison(fields: Readonly<Record<string, unknown>>): boolean | undefined {
  const { lexpr, rexpr } = fields;
  const operator = namesOf(fields["name"]).at(-1) ?? "";
  if (fields["kind"] === "AEXPR_IN")
    return itemsOf(rexpr).some((each) => isSame(lexpr, each)) ? operator === "=" : undefined;
  if (/LIKE/.test(String(fields["kind"])) && /^%+$/.test(constantText(rexpr) ?? ""))
    return operator === "~~" || operator === "~~*" ? true : undefined;
  if (fields["kind"] === "AEXPR_NOT_DISTINCT" && isSame(lexpr, rexpr)) return true;
  if (fields["kind"] !== "AEXPR_OP") return undefined;
  if (isSame(lexpr, rexpr) && ALWAYS.has(operator)) return true;
  return compareConstants(operator, constantText(lexpr), constantText(rexpr));
}

function itemsOf(list: unknown): readonly unknown[] {
  const items = isRecord(list) && isRecord(list["List"]) ? list["List"]["items"] : list;
  return Array.isArray(items) ? items : [];
}

function compareConstants(
  operator: string,
  left: string | undefined,
  right: string | undefined,
): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === "=") return left === right;
  if (operator === "<>" || operator === "!=") return left !== right;
  const [a, b] = [Number(left), Number(right)];
  if (Number.isNaN(a) || Number.isNaN(b)) return NEVER.has(operator) && left === right ? false : undefined;
  if (operator === "<") return a < b;
  if (operator === ">") return a > b;
  if (operator === "<=") return a <= b;
  return operator === ">=" ? a >= b : undefined;
}

function truthOfTest(fields: Readonly<Record<string, unknown>>): boolean | undefined {
  const inner = truthOf(fields["arg"]);
  if (inner === undefined) return undefined;
  if (fields["booltesttype"] === "IS_TRUE") return inner;
  if (fields["booltesttype"] === "IS_FALSE") return !inner;
  if (fields["booltesttype"] === "IS_NOT_FALSE") return inner;
  return fields["booltesttype"] === "IS_NOT_TRUE" ? !inner : undefined;
}

function truthOfNullTest(fields: Readonly<Record<string, unknown>>): boolean | undefined {
  if (constantText(fields["arg"]) === undefined) return undefined;
  return fields["nulltesttype"] === "IS_NOT_NULL";
}

/** `exists (select 1)` and `(select true)`: a subquery that reads no table and has no condition. */
function truthOfSublink(fields: Readonly<Record<string, unknown>>): boolean | undefined {
  const query = isRecord(fields["subselect"]) ? fields["subselect"]["SelectStmt"] : undefined;
  if (!isRecord(query) || query["fromClause"] !== undefined || query["whereClause"] !== undefined)
    return undefined;
  if (fields["subLinkType"] === "EXISTS_SUBLINK") return true;
  const [target] = Array.isArray(query["targetList"]) ? query["targetList"] : [];
  const value = isRecord(target) && isRecord(target["ResTarget"]) ? target["ResTarget"]["val"] : undefined;
  return fields["subLinkType"] === "EXPR_SUBLINK" ? truthOf(value) : undefined;
}

/** The same expression twice, wherever it stands in the text. */
function isSame(left: unknown, right: unknown): boolean {
  return left !== undefined && fingerprint(left) === fingerprint(right) && functionCalls(left).length === 0;
}

function fingerprint(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => (key === "location" ? undefined : value));
}
