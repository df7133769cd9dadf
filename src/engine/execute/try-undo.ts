import { readCatalog } from "../catalog/read-catalog.ts";
import { sendTogether } from "../database/send-together.ts";
import { sql, userStatement } from "../database/sql.ts";
import { startRowMeter } from "../effects/row-counters.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Rollback } from "../model/rollback.ts";
import { judgeAttempt } from "./judge-attempt.ts";
import { readMoment } from "./schema-moment.ts";
import { leaveSettings } from "./transaction.ts";
import type { UndoAttempt } from "./undo-attempt.ts";

/** How an attempt to undo ended, before anybody looks at the schema: with the names of what came back from its copy as it was. */
export type Undone =
  | { readonly kind: "undone"; readonly restored: readonly string[] }
  /** Nothing was sent, so that the schema is as the migration has left it. */
  | { readonly kind: "nothing_to_undo" }
  | { readonly kind: "impossible"; readonly reason: string };

/** What is known of a way back that was tried. */
export type Judged = Pick<Rollback, "verdict" | "losses" | "rowsLeft" | "reason">;

/**
 * Undoes in a savepoint, looks, and takes the undoing back; `undo` may answer by itself that there is no way. What the database refuses
 * is told in the answer; only a lost connection is thrown.
 */
export async function tryInSavepoint(attempt: UndoAttempt, undo: () => Promise<Undone>): Promise<Judged> {
  const { session, engine, after } = attempt;
  try {
    const [, meter] = await sendTogether(session.run(sql`savepoint godwit_undo`), startRowMeter(session));
    const undone = await undo();
    if (undone.kind === "impossible") return impossible(undone.reason);
    if (undone.kind === "nothing_to_undo")
      return await judgeAttempt(attempt, { end: after, undoneRows: [], restored: [] });
    const [undoneRows = [], , end] = await sendTogether(
      meter?.() ?? Promise.resolve(undefined),
      leaveSettings(session, engine),
      readMoment(session),
    );
    return await judgeAttempt(attempt, { end, undoneRows, restored: undone.restored });
  } catch (error) {
    return toJudged(error);
  } finally {
    await sendTogether(
      session.run(sql`rollback to savepoint godwit_undo`),
      session.run(sql`release savepoint godwit_undo`),
    );
  }
}

function limits(timeoutMs: number) {
  return sql`
    select
      set_config('lock_timeout', '100ms', true),
      set_config('statement_timeout', ${String(timeoutMs)}, true)`;
}

/** Looking at the schema has the limits of looking, not those of a statement that holds locks. */
export async function readHalfway({ session, engine }: UndoAttempt): Promise<Catalog> {
  const [, catalog] = await sendTogether(leaveSettings(session, engine), readCatalog(session));
  return catalog;
}

/** Runs statements of a way back within the limits of an attempt, with the checks that they defer. */
export async function runUndo(attempt: UndoAttempt, statements: readonly string[]): Promise<void> {
  const { session, engine } = attempt;
  if (statements.length === 0) return;
  const limited = engine === "postgres" ? [session.run(limits(attempt.timeoutMs))] : [];
  const undo = statements.map((statement) =>
    session.run(userStatement(statement)).catch((cause: unknown) => {
      throw new RefusedUndo(statement, cause);
    }),
  );
  await sendTogether(...limited, ...undo, session.run(sql`set constraints all immediate`));
}

/** A statement of a way back that the database refused. */
class RefusedUndo extends Error {
  override readonly name = "RefusedUndo";
  readonly statement: string;

  constructor(statement: string, cause: unknown) {
    super("A statement of a way back was refused.", { cause });
    this.statement = statement;
  }
}

/** SQLSTATEs of a lock that another has, and of a statement that took too long: nothing is known then. */
const outOfTime: ReadonlySet<string> = new Set(["55P03", "57014", "40P01", "40001"]);

function toJudged(thrown: unknown): Judged {
  const error = thrown instanceof RefusedUndo ? thrown.cause : thrown;
  if (error instanceof EngineError) return impossible(error.message);
  if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
  const { sqlstate, message } = error.fields;
  if (outOfTime.has(sqlstate)) {
    return {
      losses: [],
      rowsLeft: [],
      verdict: "unproven",
      reason: "trying it took longer than the migration's locks may be held for it",
    };
  }
  const what = thrown instanceof RefusedUndo ? ` (${thrown.statement.slice(0, 200)})` : "";
  return impossible(`The database refuses it: ${message}${what}`);
}

function impossible(reason: string): Judged {
  return { verdict: "impossible", losses: [], rowsLeft: [], reason };
}
