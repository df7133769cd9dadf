import { EngineError } from "../errors.ts";
import type { RunRecord } from "../model/history.ts";
import type { ApplyStep, PlannedMigration, PlannedStatement } from "../model/plan.ts";
import type { Version } from "../model/version.ts";
import { planStatements, type PlannedPiece } from "../sql/plan-statements.ts";
import { caretSnippet } from "../sql/position.ts";
import { transactionMode } from "../sql/split.ts";
import { sqlFingerprint } from "../sql/token-stream.ts";
import { changedIndex } from "./changed-index.ts";
import { describeUnplannable } from "./unplannable.ts";
import { judgeTransactionControl, type ControlView } from "./transaction-control.ts";

/** A migration to plan: a file's content, or SQL that is to become one. */
export interface MigrationSource {
  readonly version: Version;
  readonly name: string;
  readonly fileName: string;
  readonly sql: string;
  readonly checksum: string;
  readonly rollbackSql: string | undefined;
}

type StatementPiece = Extract<PlannedPiece, { kind: "statement" }>;

/**
 * Turns a migration's SQL into steps: one transaction, or, where a statement cannot run in one, transactions with that
 * statement alone between them. An unfinished run of the same statements is gone on with.
 * Throws `syntax_error`, `unsupported_sql`, `sql_too_large`, `transaction_control_refused`, `not_applicable`.
 */
export async function planMigration(
  source: MigrationSource,
  unfinished: RunRecord | undefined,
): Promise<PlannedMigration> {
  const planned = await planStatements(source.sql);
  if (planned.kind !== "planned") throw describeUnplannable(planned, source);
  const notSent = settleTransactionControl(planned.pieces, source);
  const statements = planned.pieces.map((piece, index) => toStatement(piece, index, notSent));
  const steps = toSteps(planned.pieces, statements, transactionMode(source.sql));
  return { ...source, statements, steps, stepsDone: countStepsDone(source, steps, unfinished) };
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
  };
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

/** Groups statements between those that run alone; in autocommit mode every statement is its own transaction. */
function toSteps(
  pieces: readonly PlannedPiece[],
  statements: readonly PlannedStatement[],
  mode: ReturnType<typeof transactionMode>,
): readonly ApplyStep[] {
  const steps: ApplyStep[] = [];
  let group: PlannedStatement[] = [];
  const closeGroup = () => {
    if (group.length > 0) steps.push({ kind: "transaction", statements: group });
    group = [];
  };
  for (const [index, statement] of statements.entries()) {
    const piece = pieces[index];
    if (!statement.isExecutable || piece?.kind !== "statement") continue;
    if (piece.classification.transaction === "forbidden") {
      closeGroup();
      steps.push({ kind: "alone", statement });
      continue;
    }
    group.push(statement);
    if (mode === "none") closeGroup();
  }
  closeGroup();
  return steps;
}

/** How many steps an unfinished run has behind it. Throws `not_applicable` where those are no longer the file's. */
function countStepsDone(
  source: MigrationSource,
  steps: readonly ApplyStep[],
  unfinished: RunRecord | undefined,
): number {
  const done = unfinished?.statementResults.filter((result) => result.state === "done") ?? [];
  const executed = steps.flatMap((step) =>
    step.kind === "transaction" ? step.statements : [step.statement],
  );
  const changed = done.findIndex(
    (result, position) => executed[position]?.fingerprint !== result.fingerprint,
  );
  if (changed !== -1) {
    throw new EngineError(
      "not_applicable",
      `${source.fileName} was begun with other SQL: statement ${changed + 1} has run already and is different now.`,
      {
        file: source.fileName,
        hint: "Restore the statements that have run; those after them may be corrected.",
      },
    );
  }
  let remaining = done.length;
  return steps.filter((step) => {
    const size = step.kind === "transaction" ? step.statements.length : 1;
    remaining -= size;
    return remaining >= 0;
  }).length;
}
