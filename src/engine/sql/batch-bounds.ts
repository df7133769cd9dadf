import { foldWord, lex } from "./lex.ts";
import type { Node } from "./parse.ts";
import { isRecord, namesOf, walkTree } from "./walk-tree.ts";

/** A statement's text with its placeholders as parameters, and what it used. */
export interface PlacedBounds {
  /** `$1` for `:from` and `$2` for `:to`, filled up with spaces so that every offset stays. */
  readonly text: string;
  readonly uses: ReadonlySet<string>;
  /** True where the text has parameters of its own, which nobody would fill. */
  readonly hasOwnParameters: boolean;
}

const parameterOf: Readonly<Record<string, string>> = { from: "$1", to: "$2" };

/** Replaces `:from` and `:to` wherever they are SQL: not in literals, comments or function bodies. */
export function placeBounds(sql: string): PlacedBounds {
  const tokens = lex(sql);
  const uses = new Set<string>();
  let text = "";
  let copied = 0;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (sql.slice(token.start, token.end) !== ":" || next?.kind !== "word") continue;
    const name = foldWord(sql.slice(next.start, next.end));
    const parameter = parameterOf[name];
    if (parameter === undefined) continue;
    uses.add(name);
    text += sql.slice(copied, token.start) + parameter.padEnd(next.end - token.start);
    copied = next.end;
  }
  const hasOwnParameters = tokens.some(({ kind }) => kind === "parameter");
  return { text: text + sql.slice(copied), uses, hasOwnParameters };
}

/** How a statement is held to the bounds. */
export type BoundsUse =
  /** Compared with the key in a condition; `isOwnWhere` where that is the WHERE of the UPDATE or DELETE itself. */
  | { readonly kind: "compared"; readonly isOwnWhere: boolean }
  /** Handed to a function, which has to keep to them by itself. */
  | { readonly kind: "handed_on" }
  | { readonly kind: "not_used" };

/** Looks for `key between $1 and $2`, or `key >= $1 and key <= $2`, among the conditions that all rows have to meet. */
export function findBoundsUse(node: Node, column: string): BoundsUse {
  const own = ownWhere(node);
  if (own !== undefined && demandsBounds(own, column)) return { kind: "compared", isOwnWhere: true };
  let isElsewhere = false;
  let isHandedOn = false;
  walkTree(node, (kind, fields) => {
    for (const field of ["whereClause", "quals", "joinCondition"]) {
      const condition = fields[field];
      if (isNode(condition)) isElsewhere ||= demandsBounds(condition, column);
    }
    if (kind === "FuncCall") isHandedOn ||= holdsParameter(fields, 1) && holdsParameter(fields, 2);
  });
  if (isElsewhere) return { kind: "compared", isOwnWhere: false };
  return { kind: "SelectStmt" in node && isHandedOn ? "handed_on" : "not_used" };
}

function ownWhere(node: Node): Node | undefined {
  if ("UpdateStmt" in node) return node.UpdateStmt.whereClause;
  return "DeleteStmt" in node ? node.DeleteStmt.whereClause : undefined;
}

function demandsBounds(condition: Node, column: string): boolean {
  const found = new Set(termsOf(condition).flatMap((term) => boundsIn(term, column)));
  return found.has("from") && found.has("to");
}

/** What a condition demands beside the bounds; nothing for one that is absent. */
export function otherTerms(condition: unknown, column: string): readonly Node[] {
  if (!isNode(condition)) return [];
  return termsOf(condition).filter((term) => boundsIn(term, column).length === 0);
}

/** The terms of a chain of ANDs. */
function termsOf(condition: Node): readonly Node[] {
  if (!("BoolExpr" in condition) || condition.BoolExpr.boolop !== "AND_EXPR") return [condition];
  return (condition.BoolExpr.args ?? []).flatMap(termsOf);
}

function boundsIn(term: Node, column: string): readonly ("from" | "to")[] {
  if (!("A_Expr" in term)) return [];
  const { kind, name, lexpr, rexpr } = term.A_Expr;
  if (kind === "AEXPR_BETWEEN") {
    const limits = isRecord(rexpr) && "List" in rexpr ? (rexpr.List.items ?? []) : [];
    const isWhole = isKey(lexpr, column) && isParameter(limits[0], 1) && isParameter(limits[1], 2);
    return isWhole ? ["from", "to"] : [];
  }
  const operator = namesOf(name).at(-1) ?? "";
  const isAtLeast =
    (operator === ">=" && isKey(lexpr, column) && isParameter(rexpr, 1)) ||
    (operator === "<=" && isParameter(lexpr, 1) && isKey(rexpr, column));
  const isAtMost =
    (operator === "<=" && isKey(lexpr, column) && isParameter(rexpr, 2)) ||
    (operator === ">=" && isParameter(lexpr, 2) && isKey(rexpr, column));
  return [...(isAtLeast ? ["from" as const] : []), ...(isAtMost ? ["to" as const] : [])];
}

function isKey(value: unknown, column: string): boolean {
  if (!isRecord(value) || !isRecord(value["ColumnRef"])) return false;
  return namesOf(value["ColumnRef"]["fields"]).at(-1) === column;
}

function isParameter(value: unknown, number: number): boolean {
  if (!isRecord(value)) return false;
  const cast = value["TypeCast"];
  if (isRecord(cast)) return isParameter(cast["arg"], number);
  const reference = value["ParamRef"];
  return isRecord(reference) && reference["number"] === number;
}

function holdsParameter(fields: Readonly<Record<string, unknown>>, number: number): boolean {
  const list = fields["args"];
  return Array.isArray(list) && list.some((argument: unknown) => isParameter(argument, number));
}

function isNode(value: unknown): value is Node {
  return isRecord(value);
}
