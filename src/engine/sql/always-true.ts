import { isRecord, namesOf, walkTree } from "./walk-tree.ts";

/**
 * True for a condition that holds for every row, whatever the rows are: `true`, `1 = 1`, `id = id`, `x or true`,
 * `not false`, `exists (select 1)`, and their like.
 */
export function isAlwaysTrue(condition: unknown): boolean {
  return truthOf(condition) === true;
}

/** True for a condition that holds for no row, whatever the rows are. */
export function isAlwaysFalse(condition: unknown): boolean {
  return truthOf(condition) === false;
}

/** True where a WHERE can leave a row out: not for one that is missing or that holds for every row. */
export function isEffectiveWhere(where: unknown): boolean {
  return where !== undefined && !isAlwaysTrue(where);
}

/** True for a condition that names no column: it holds for every row, or for none. */
export function isSameForEveryRow(condition: unknown): boolean {
  let namesColumn = false;
  walkTree([condition], (kind) => {
    if (kind === "ColumnRef" || kind === "CurrentOfExpr" || kind === "ParamRef") namesColumn = true;
  });
  return condition !== undefined && !namesColumn;
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
  if (isRecord(node["CoalesceExpr"])) return truthOf(itemsOf(node["CoalesceExpr"]["args"])[0]);
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
  if (parts.includes(decisive) || (decisive && asksBothWays(fields["args"]))) return decisive;
  return parts.every((part) => part === !decisive) ? !decisive : undefined;
}

/** `x is null or x is not null`. */
function asksBothWays(args: unknown): boolean {
  const asked = itemsOf(args).flatMap((each) =>
    isRecord(each) && isRecord(each["NullTest"]) ? [each["NullTest"]] : [],
  );
  return asked.some((one) =>
    asked.some((other) => one["nulltesttype"] !== other["nulltesttype"] && isSame(one["arg"], other["arg"])),
  );
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
  return left !== undefined && fingerprint(left) === fingerprint(right) && !callsFunctions(left);
}

function callsFunctions(root: unknown): boolean {
  let calls = false;
  walkTree([root], (kind) => {
    if (kind === "FuncCall") calls = true;
  });
  return calls;
}

function fingerprint(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => (key === "location" ? undefined : value));
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
