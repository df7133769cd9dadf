import { commandOf, type Command, type StatementKind } from "./classes/commands.ts";
import { controlsTransaction } from "./classes/procedural-body.ts";
import { changesParsing, sessionStateOf, type SessionState } from "./classes/session-state.ts";
import { touchedObjects, type TouchedObject } from "./classes/touched-objects.ts";
import {
  isForbiddenInTransaction,
  isOptionOn,
  transactionVerb,
  type TransactionVerb,
} from "./classes/transaction-block.ts";
import type { AlterEnumStmt, Node } from "./parse.ts";
import { kindOf, namesOf, walkTree } from "./walk-tree.ts";

export type { SessionState, StatementKind, TouchedObject, TransactionVerb };

/** What one statement is, judged from its parse tree alone. */
export type StatementClass = {
  readonly kind: StatementKind;
  /** In upper case, as PostgreSQL answers it. */
  readonly command: string;
  readonly transaction: "allowed" | "forbidden";
  readonly control?: TransactionVerb;
  /** True when a DO body holds COMMIT or ROLLBACK: it cannot run in a transaction block, and must not be trusted in one. */
  readonly controlsTransaction: boolean;
  readonly sessionState?: SessionState;
  readonly changesParsing: boolean;
  readonly addsEnumValue?: { readonly type: string; readonly label: string };
  readonly objects: readonly TouchedObject[];
};

/** Classifies one statement; what is not known is `unknown`, never `read`. */
export function classifyStatement(statement: { readonly node: Node }): StatementClass {
  const { node } = statement;
  const control = transactionVerb(node);
  const sessionState = sessionStateOf(node);
  const addsEnumValue = "AlterEnumStmt" in node ? enumValueOf(node.AlterEnumStmt) : undefined;
  return {
    ...judgeCommand(node, sessionState),
    transaction: isForbiddenInTransaction(node) ? "forbidden" : "allowed",
    ...(control === undefined ? {} : { control }),
    controlsTransaction: controlsTransaction(node),
    ...(sessionState === undefined ? {} : { sessionState }),
    changesParsing: changesParsing(node),
    ...(addsEnumValue === undefined ? {} : { addsEnumValue }),
    objects: touchedObjects(node),
  };
}

/** True when a file is one BEGIN … COMMIT pair around statements that control no transaction themselves. */
export function wrapsWholeFile(statements: readonly StatementClass[]): boolean {
  if (statements.length < 2) return false;
  const first = statements[0]?.control;
  const inner = statements.slice(1, -1);
  return (
    (first === "BEGIN" || first === "START TRANSACTION") &&
    statements.at(-1)?.command === "COMMIT" &&
    inner.every((each) => each.control === undefined && !each.controlsTransaction)
  );
}

function judgeCommand(node: Node, sessionState: SessionState | undefined): Command {
  if ("TransactionStmt" in node) return { kind: "transaction_control", command: controlCommand(node) };
  if ("VariableSetStmt" in node)
    return {
      kind: "session_state",
      command: node.VariableSetStmt.kind?.startsWith("VAR_RESET") === true ? "RESET" : "SET",
    };
  if ("SelectStmt" in node) return { kind: selectKind(node, sessionState), command: "SELECT" };
  if ("ExplainStmt" in node)
    return { kind: explainKind(node.ExplainStmt.query, node.ExplainStmt.options), command: "EXPLAIN" };
  if ("CopyStmt" in node) return { kind: copyKind(node), command: "COPY" };
  return commandOf(node);
}

/** COMMIT AND CHAIN begins the next transaction, so it is not the COMMIT that may end a wrapped file. */
function controlCommand(node: Node): string {
  const verb = transactionVerb(node);
  const isChained = "TransactionStmt" in node && node.TransactionStmt.chain === true;
  return `${verb ?? "TRANSACTION"}${isChained ? " AND CHAIN" : ""}`;
}

const WRITING_NODES = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "LockingClause"]);

function selectKind(node: Node, sessionState: SessionState | undefined): StatementKind {
  let hasWrites = false;
  let createsTable = false;
  walkTree(node, (kind) => {
    hasWrites ||= WRITING_NODES.has(kind);
    createsTable ||= kind === "intoClause";
  });
  if (createsTable) return "ddl";
  if (hasWrites) return "write";
  return sessionState === undefined ? "read" : "session_state";
}

/** Plain EXPLAIN only plans; with ANALYZE it runs the statement. */
function explainKind(query: Node | undefined, options: readonly Node[] | undefined): StatementKind {
  if (query === undefined) return "unknown";
  const inner = judgeCommand(query, sessionStateOf(query)).kind;
  const onlyPlans = !isOptionOn(options, "analyze") && PLANNABLE.has(kindOf(query));
  return onlyPlans && inner === "write" ? "read" : inner;
}

const PLANNABLE = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

function copyKind(node: Node): StatementKind {
  if (!("CopyStmt" in node)) return "unknown";
  const { is_from, is_program, filename } = node.CopyStmt;
  if (is_program === true || filename !== undefined) return "write";
  return is_from === true ? "copy_stdin" : "copy_stdout";
}

function enumValueOf(statement: AlterEnumStmt): StatementClass["addsEnumValue"] {
  if (statement.newVal === undefined || statement.oldVal !== undefined) return undefined;
  return { type: namesOf(statement.typeName).join("."), label: statement.newVal };
}
