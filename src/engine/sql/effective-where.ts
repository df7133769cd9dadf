import type { A_Expr, Node } from "./parse.ts";
import { isRecord, namesOf } from "./walk-tree.ts";

/** True where a WHERE can leave a row out: not for one that is missing or is true of every row, such as `1 = 1` or `id = id`. */
export function isEffectiveWhere(where: Node | undefined): boolean {
  return where !== undefined && !isAlwaysTrue(where);
}

function isAlwaysTrue(node: Node): boolean {
  if ("A_Const" in node) return node.A_Const.boolval?.boolval === true;
  if ("TypeCast" in node) return node.TypeCast.arg !== undefined && isTrueText(node.TypeCast.arg, node);
  if ("BoolExpr" in node) return isAlwaysTrueOf(node.BoolExpr.boolop, node.BoolExpr.args ?? []);
  if ("A_Expr" in node) return isTrueComparison(node.A_Expr);
  if ("NullTest" in node) {
    const { nulltesttype, arg } = node.NullTest;
    return nulltesttype === "IS_NOT_NULL" && arg !== undefined && "A_Const" in arg;
  }
  if ("BooleanTest" in node) {
    const { booltesttype, arg } = node.BooleanTest;
    return booltesttype === "IS_TRUE" && arg !== undefined && isAlwaysTrue(arg);
  }
  return false;
}

/** `'t'::boolean` and its like. */
function isTrueText(arg: Node, cast: Node): boolean {
  if (isAlwaysTrue(arg)) return true;
  const type = "TypeCast" in cast ? namesOf(cast.TypeCast.typeName?.names).at(-1) : undefined;
  if (type !== "bool" || !("A_Const" in arg)) return false;
  const text = arg.A_Const.sval?.sval ?? "";
  return /^(?:t|true|y|yes|on|1)$/i.test(text.trim());
}

function isAlwaysTrueOf(operator: string | undefined, args: readonly Node[]): boolean {
  if (operator === "OR_EXPR") return args.some(isAlwaysTrue);
  if (operator === "AND_EXPR") return args.every(isAlwaysTrue);
  const [only] = args;
  return only !== undefined && "A_Const" in only && only.A_Const.boolval !== undefined && !isAlwaysTrue(only);
}

/** The same on both sides of `=`, `<=` or `>=`, or two unlike constants beside `<>`. */
function isTrueComparison(expression: A_Expr): boolean {
  const operator = namesOf(expression.name).at(-1) ?? "";
  const { lexpr, rexpr } = expression;
  const isSame = toText(lexpr) === toText(rexpr);
  if (["=", "<=", ">="].includes(operator)) return isSame && (isConstant(lexpr) || isColumn(lexpr));
  return ["<>", "!="].includes(operator) && !isSame && isConstant(lexpr) && isConstant(rexpr);
}

function isConstant(value: unknown): boolean {
  return isRecord(value) && "A_Const" in value;
}

function isColumn(value: unknown): boolean {
  return isRecord(value) && "ColumnRef" in value;
}

/** The tree without positions in the text. */
function toText(value: unknown): string {
  return JSON.stringify(value, (key, child: unknown) => (key === "location" ? undefined : child)) ?? "";
}
