import { EngineError } from "../errors.ts";
import type { PlannedStatement } from "../model/plan.ts";
import type { Version } from "../model/version.ts";
import { findActsInBlock } from "../sql/destructive-blocks.ts";
import { findDestructiveActs } from "../sql/destructive-acts.ts";
import { planStatements, type PlannedPiece } from "../sql/plan-statements.ts";
import { caretSnippet } from "../sql/position.ts";
import { sqlFingerprint } from "../sql/token-stream.ts";
import { changedIndex } from "./changed-index.ts";
import { findFills } from "./find-fills.ts";
import { describeUnplannable } from "./unplannable.ts";
import { judgeTransactionControl, type ControlView } from "./transaction-control.ts";
import { waitsAside } from "./waits-aside.ts";

/** A migration to plan: a file's content, or SQL that is to become one. */
export interface MigrationSource {
  readonly version: Version;
  readonly name: string;
  readonly fileName: string;
  readonly sql: string;
  readonly checksum: string;
  readonly rollbackSql: string | undefined;
}

/** One statement of a migration, and whether it cannot run in a transaction. */
export interface ReadStatement {
  readonly statement: PlannedStatement;
  readonly runsAlone: boolean;
}

type StatementPiece = Extract<PlannedPiece, { kind: "statement" }>;

/**
 * Reads a migration's SQL as the statements to run and to record. Throws `syntax_error`, `unsupported_sql`, `sql_too_large`,
 * `transaction_control_refused`.
 */
export async function readStatements(source: MigrationSource): Promise<readonly ReadStatement[]> {
  const planned = await planStatements(source.sql);
  if (planned.kind !== "planned") throw describeUnplannable(planned, source);
  const notSent = settleTransactionControl(planned.pieces, source);
  const blocks = await Promise.all(
    planned.pieces.map(async (piece) => (piece.kind === "statement" ? findActsInBlock(piece.node) : [])),
  );
  const fills = findFills(planned.pieces);
  return planned.pieces.map((piece, index) => {
    const statement = toStatement(piece, index, notSent);
    const runsAlone = piece.kind === "statement" && piece.classification.transaction === "forbidden";
    const destroys = [...statement.destroys, ...(blocks[index] ?? [])];
    const filled = fills.get(index);
    if (filled === undefined) return { statement: { ...statement, destroys }, runsAlone };
    const lasting = destroys.filter(({ kind }) => kind !== "update_all");
    return { statement: { ...statement, destroys: lasting, fillsNewColumns: filled }, runsAlone };
  });
}

function toStatement(piece: PlannedPiece, index: number, notSent: ReadonlySet<number>): PlannedStatement {
  const { text, start, line, column } = piece;
  const isStatement = piece.kind === "statement";
  return {
    index,
    text,
    line,
    column,
    start,
    bodyOffset: isStatement ? piece.bodyStart - start : 0,
    command: isStatement ? piece.classification.command : "",
    isExecutable: isStatement && !notSent.has(index),
    fingerprint: sqlFingerprint(text),
    indexChange: isStatement ? changedIndex(piece.node) : undefined,
    waitsAside: isStatement && waitsAside(piece.node),
    setsSession: isStatement && setsSession(piece),
    destroys: isStatement ? findDestructiveActs(piece.node) : [],
  };
}

const lastingSettings = new Set(["role", "session_authorization", "transaction", "setting", "everything"]);

/** Role and settings end with each step, as prepared statements and temporary tables do not. */
function setsSession({ classification: { sessionState } }: StatementPiece): boolean {
  return sessionState?.scope === "session" && lastingSettings.has(sessionState.what);
}

/** The statements that are recorded and not sent. Throws where the file would end our transaction or change how text is read. */
function settleTransactionControl(
  pieces: readonly PlannedPiece[],
  source: MigrationSource,
): ReadonlySet<number> {
  const views = pieces.flatMap((piece, index) => (piece.kind === "statement" ? [{ piece, index }] : []));
  const unreadable = views.find(({ piece }) => piece.classification.changesParsing);
  if (unreadable !== undefined) {
    throw refuse(unreadable.piece, source, "it changes how the rest of the text is read", "unsupported_sql");
  }
  const discard = views.find(({ piece }) => piece.classification.command === "DISCARD ALL");
  if (discard !== undefined) {
    throw refuse(
      discard.piece,
      source,
      "it gives back the lock that the migration runs under",
      "unsupported_sql",
    );
  }
  const verdict = judgeTransactionControl(views.map(({ piece }) => viewControl(piece)));
  const at = (position: number) => views[position];
  if (verdict.kind === "allowed") {
    return new Set([...verdict.notSent].map((position) => at(position)?.index ?? -1));
  }
  const refused = at(verdict.index);
  if (refused === undefined) throw new Error("a refused statement is one of the file's");
  throw refuse(refused.piece, source, verdict.reason, "transaction_control_refused");
}

function viewControl({ classification, node }: StatementPiece): ControlView {
  const hasBeginOptions = "TransactionStmt" in node && (node.TransactionStmt.options ?? []).length > 0;
  return {
    verb: classification.control,
    hasOptions: hasBeginOptions || classification.command.endsWith("AND CHAIN"),
    controlsInside: classification.controlsTransaction,
  };
}

function refuse(
  piece: StatementPiece,
  source: MigrationSource,
  reason: string,
  code: "transaction_control_refused" | "unsupported_sql",
): EngineError {
  const { line, column } = piece;
  return new EngineError(
    code,
    `${source.fileName}:${line}: ${piece.classification.command} is refused: ${reason}.`,
    {
      file: source.fileName,
      version: source.version,
      line,
      column,
      snippet: caretSnippet(source.sql, piece.bodyStart),
    },
  );
}
