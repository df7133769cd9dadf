import { DatabaseError } from "../errors.ts";
import type { Session } from "../ports.ts";
import { sql, userStatement } from "../database/sql.ts";
import { isCommentOnly, splitStatements, type Statement } from "../sql/split.ts";
import { foldWord, isBlank, lex } from "../sql/lex.ts";

/** A migration file to replay. */
export interface ReplayFile {
  /** As shown to people. */
  readonly path: string;
  readonly sql: string;
}

/** A statement that did not run. */
export interface ReplayFinding {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly cause: string;
  readonly sqlstate?: string;
}

/** One statement of a file, by its place. */
export interface ReplayStep {
  readonly statement: Statement;
  /** Why it is not run again: it has ended a shadow before. */
  readonly skippedBecause: string | undefined;
}

/** The statements of a file that are worth sending; `skipped` by the offset that they start at. */
export function listSteps(file: ReplayFile, skipped: ReadonlyMap<number, string>): readonly ReplayStep[] {
  return splitStatements(withoutMark(file.sql))
    .filter(({ text }) => !isCommentOnly(text))
    .map((statement) => ({ statement, skippedBecause: skipped.get(statement.start) }));
}

/**
 * Runs a file as a migration is applied, in one transaction. Where a statement fails it is left out and the others still run, so that
 * one fault does not hide the rest of the file. `onStatement` is told before each is sent. Rejects only where the connection is lost.
 */
export async function replayFile(parts: {
  readonly session: Session;
  readonly file: ReplayFile;
  readonly steps: readonly ReplayStep[];
  readonly onStatement: (statement: Statement) => void;
}): Promise<readonly ReplayFinding[]> {
  if (parts.steps.every(isPlain) && (await runWhole(parts))) return [];
  return runLeavingOut(parts);
}

function isPlain({ statement, skippedBecause }: ReplayStep): boolean {
  return skippedBecause === undefined && controlOf(statement.text) === undefined;
}

type Parts = Parameters<typeof replayFile>[0];

/** Runs a file in one transaction. Answers false, with nothing done, where a statement failed. */
export async function runWhole({ session, steps, onStatement }: Parts): Promise<boolean> {
  await session.run(sql`begin`);
  try {
    for (const { statement } of steps) {
      onStatement(statement);
      await session.run(userStatement(statement.text));
    }
    await session.run(sql`commit`);
    return true;
  } catch (error) {
    toServerError(error);
    await session.run(sql`rollback`);
    return false;
  }
}

async function runLeavingOut({
  session,
  file,
  steps,
  onStatement,
}: Parts): Promise<readonly ReplayFinding[]> {
  const findings: ReplayFinding[] = [];
  const report = (statement: Statement, error: DatabaseError) =>
    findings.push({ file: file.path, line: lineOf(statement, error), ...describeError(error) });
  await session.run(sql`begin`);
  for (const { statement, skippedBecause } of steps) {
    if (skippedBecause !== undefined) {
      findings.push({ file: file.path, line: firstLine(statement), cause: skippedBecause });
      continue;
    }
    onStatement(statement);
    const failure = await runStep(session, statement.text);
    if (failure !== undefined) report(statement, failure);
  }
  const last = steps.at(-1);
  const failure = await tryRun(session, "commit");
  if (failure !== undefined && last !== undefined) report(last.statement, failure);
  return findings;
}

async function runStep(session: Session, text: string): Promise<DatabaseError | undefined> {
  const control = controlOf(text);
  if (control === "begin") return undefined;
  if (control === "end") {
    const failure = await tryRun(session, text);
    await beginAnew(session);
    return failure;
  }
  if (control === "savepoint") return tryRun(session, text);
  // A file's own failed savepoint leaves the transaction aborted.
  if ((await tryRun(session, "savepoint godwit_replay")) !== undefined) {
    await beginAnew(session);
    await session.run(sql`savepoint godwit_replay`);
  }
  const failure = await tryRun(session, text);
  if (failure === undefined) {
    await session.run(sql`release savepoint godwit_replay`);
    return undefined;
  }
  await session.run(sql`rollback to savepoint godwit_replay`);
  return runAfterCommit(session, text, failure);
}

/** Outside a transaction, ROLLBACK only warns. */
async function beginAnew(session: Session): Promise<void> {
  await session.run(sql`rollback`);
  await session.run(sql`begin`);
}

/** Some statements run only outside a transaction (25001), some only after the enum label they use is committed (55P04). */
async function runAfterCommit(
  session: Session,
  text: string,
  failure: DatabaseError,
): Promise<DatabaseError | undefined> {
  const { sqlstate } = failure.fields;
  if (sqlstate !== "25001" && sqlstate !== "55P04") return failure;
  await tryRun(session, "commit");
  const again = await tryRun(session, text);
  await session.run(sql`begin`);
  return again;
}

async function tryRun(session: Session, text: string): Promise<DatabaseError | undefined> {
  return session.run(userStatement(text)).then(
    () => undefined,
    (error: unknown) => toServerError(error),
  );
}

/** What the server said; a lost connection is thrown on, since nothing more can be run. */
function toServerError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError && !error.connectionLost && !isPoisoned(error)) return error;
  throw error;
}

/** After one failed load of a library PGlite fails every later first load (drift.md 7.1): the instance is of no more use. */
export function isPoisoned({ fields }: DatabaseError): boolean {
  return /could not (load library|access file) "/.test(fields.message);
}

type Control = "begin" | "end" | "savepoint";

// The whole statement, words folded and one blank between: a body that was cut apart may begin with the same words.
const controls: Readonly<Record<Control, RegExp>> = {
  begin: /^(begin|begin work|(begin|start) transaction)( (isolation|read|not|deferrable)\b[a-z ,]*)?$/,
  end: /^(commit|end|rollback|abort)( work| transaction)?( and (no )?chain)?$/,
  savepoint: /^(savepoint|release( savepoint)?|rollback( work| transaction)? to( savepoint)?) \S+$/,
};

function controlOf(text: string): Control | undefined {
  // Longer than any of them, comments included.
  if (text.length > 2000) return undefined;
  const words = lex(text)
    .filter((token) => !isBlank(token))
    .map((token) => foldWord(text.slice(token.start, token.end)))
    .join(" ");
  if (controls.begin.test(words)) return "begin";
  if (controls.end.test(words)) return "end";
  return controls.savepoint.test(words) ? "savepoint" : undefined;
}

function describeError({ fields }: DatabaseError): Pick<ReplayFinding, "cause" | "sqlstate"> {
  return { cause: fields.message, sqlstate: fields.sqlstate };
}

function lineOf(statement: Statement, { fields }: DatabaseError): number {
  if (fields.position === undefined) return firstLine(statement);
  return (
    statement.line +
    [...statement.text].slice(0, fields.position - 1).filter((letter) => letter === "\n").length
  );
}

/** The line of the first word, below any comments. */
function firstLine({ text, line }: Statement): number {
  const word = lex(text).find((token) => !isBlank(token));
  return line + text.slice(0, word?.start ?? 0).split("\n").length - 1;
}

function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text;
}
