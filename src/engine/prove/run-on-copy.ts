import { sql, userStatement } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { SchemaStatement } from "../plan/schema-change/schema-change.ts";
import type { Session } from "../ports.ts";

/** A statement that a copy refused, and why. */
export interface StatementFailure {
  readonly statement: SchemaStatement;
  readonly cause: string;
}

/** Runs a script on a throw-away copy, leaving out what fails, so that one fault does not hide the next. Rejects where the copy is lost. */
export async function runOnCopy(
  session: Session,
  statements: readonly SchemaStatement[],
): Promise<readonly StatementFailure[]> {
  const failures: StatementFailure[] = [];
  for (const part of splitAtCommits(statements)) {
    if (!(await runWhole(session, part))) failures.push(...(await runLeavingOut(session, part)));
  }
  return failures;
}

function splitAtCommits(statements: readonly SchemaStatement[]): readonly (readonly SchemaStatement[])[] {
  const parts: SchemaStatement[][] = [[]];
  for (const statement of statements) {
    if (statement.startsNewTransaction) parts.push([]);
    parts.at(-1)?.push(statement);
  }
  return parts;
}

/** Answers false, with nothing done, where a statement failed. */
async function runWhole(session: Session, statements: readonly SchemaStatement[]): Promise<boolean> {
  await session.run(sql`begin`);
  for (const statement of statements) {
    if ((await causeOf(session.run(userStatement(statement.sql)))) === undefined) continue;
    await session.run(sql`rollback`);
    return false;
  }
  const cause = await causeOf(session.run(sql`commit`));
  if (cause !== undefined) await causeOf(session.run(sql`rollback`));
  return cause === undefined;
}

async function runLeavingOut(
  session: Session,
  statements: readonly SchemaStatement[],
): Promise<readonly StatementFailure[]> {
  const failures: StatementFailure[] = [];
  await session.run(sql`begin`);
  for (const statement of statements) {
    const cause = await tryStatement(session, statement.sql);
    if (cause !== undefined) failures.push({ statement, cause });
  }
  const cause = await causeOf(session.run(sql`commit`));
  const last = statements.at(-1);
  return cause === undefined || last === undefined ? failures : [...failures, { statement: last, cause }];
}

async function tryStatement(session: Session, text: string): Promise<string | undefined> {
  await session.run(sql`savepoint godwit_step`);
  const cause = await causeOf(session.run(userStatement(text)));
  if (cause !== undefined) await session.run(sql`rollback to savepoint godwit_step`);
  await session.run(sql`release savepoint godwit_step`);
  return cause;
}

async function causeOf(run: Promise<unknown>): Promise<string | undefined> {
  return run.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof DatabaseError && !error.connectionLost) return error.fields.message;
      throw error;
    },
  );
}
