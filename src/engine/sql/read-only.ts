import { isOptionOn } from "./classes/transaction-block.ts";
import { classifyStatement, type StatementClass, type StatementKind } from "./classify.ts";
import { findForbiddenFunction } from "./forbidden-functions.ts";
import { parseStatements, type Node, type ParsedSql, type ParsedStatement } from "./parse.ts";
import { kindOf, walkTree } from "./walk-tree.ts";

/** What `execute_sql` was given; only `read` may be sent as a read. */
export type ReadOnlyVerdict =
  | { readonly kind: "read"; readonly statement: ParsedStatement; readonly command: string }
  | {
      readonly kind: Exclude<StatementKind, "read">;
      readonly statement: ParsedStatement;
      readonly classification: StatementClass;
    }
  | { readonly kind: "forbidden_function"; readonly name: string; readonly statement: ParsedStatement }
  | { readonly kind: "many_statements"; readonly count: number }
  | { readonly kind: "empty" }
  | Exclude<ParsedSql, { readonly kind: "parsed" }>;

/**
 * Judges a query by an allow-list over its parse tree: one SELECT, VALUES, TABLE, SHOW, or EXPLAIN of what only reads.
 * Functions that act in spite of a read-only transaction are refused; what a user-defined function does is not seen.
 */
export async function judgeReadOnlyQuery(sql: string): Promise<ReadOnlyVerdict> {
  const parsed = await parseStatements(sql);
  if (parsed.kind !== "parsed") return parsed;
  const [statement, ...others] = parsed.statements;
  if (statement === undefined) return { kind: "empty" };
  if (others.length > 0) return { kind: "many_statements", count: parsed.statements.length };
  return judgeStatement(statement);
}

function judgeStatement(statement: ParsedStatement): ReadOnlyVerdict {
  const { node } = statement;
  const classification = classifyStatement(statement);
  const { kind, command } = classification;
  const name = isQuery(node) ? findForbiddenFunction(node) : undefined;
  if (name !== undefined && (kind === "read" || kind === "session_state"))
    return { kind: "forbidden_function", name, statement };
  if (kind !== "read") return { kind, statement, classification };
  if (!holdsOnlyReads(node)) return { kind: "unknown", statement, classification };
  return { kind: "read", statement, command };
}

function isQuery(node: Node): boolean {
  return "SelectStmt" in node || "ExplainStmt" in node;
}

const PLANNED_ONLY = ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"];

/** Fails closed: a kind of statement inside that is not on the list makes the whole not a read. */
function holdsOnlyReads(node: Node): boolean {
  const allowed = new Set(["SelectStmt", "ExplainStmt", "VariableShowStmt"]);
  if ("ExplainStmt" in node && !isOptionOn(node.ExplainStmt.options, "analyze"))
    for (const kind of PLANNED_ONLY) allowed.add(kind);
  let isAllowed = allowed.has(kindOf(node));
  walkTree(node, (kind) => {
    if (/^[A-Z]\w*Stmt$/.test(kind)) isAllowed &&= allowed.has(kind);
  });
  return isAllowed;
}
