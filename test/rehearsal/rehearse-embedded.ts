import { openDatabase } from "../../src/engine/database/open-database.ts";
import { userStatement } from "../../src/engine/database/sql.ts";
import { EngineError } from "../../src/engine/errors.ts";
import type { Rehearsal } from "../../src/engine/execute/rehearse.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { isCommentOnly, splitStatements } from "../../src/engine/sql/split.ts";
import { rehearseSql } from "./rehearse-sql.ts";
import { alarmsOf } from "./rehearsal-verdict.ts";
import { readState, type DatabaseState } from "./watch-state.ts";

/** A rehearsal, and the database before and after it. */
export interface EmbeddedRehearsal {
  readonly before: DatabaseState;
  readonly after: DatabaseState;
  readonly outcome: Rehearsal | EngineError;
  /** A refusal is one. */
  readonly alarms: readonly string[];
}

/** A Supabase-like project in memory in which texts are rehearsed, one after the other. */
export interface EmbeddedWorld {
  readonly rehearse: (text: string) => Promise<EmbeddedRehearsal>;
  readonly close: () => Promise<void>;
}

/** Makes a fresh project and runs the texts that prepare it. */
export async function openEmbeddedWorld(...preparations: readonly string[]): Promise<EmbeddedWorld> {
  const database = await openDatabase({ kind: "embedded", dataDir: "memory" });
  if (database.transport !== "session") throw new Error("The embedded database keeps sessions.");
  for (const preparation of preparations) await runAll(database, preparation);
  return { rehearse: (text) => rehearseIn(database, text), close: () => database.close() };
}

async function rehearseIn(database: SessionDatabase, text: string): Promise<EmbeddedRehearsal> {
  const before = await database.withSession(readState);
  const outcome = await rehearseSql(database, text).catch((error: unknown) => {
    if (error instanceof EngineError) return error;
    throw error;
  });
  const after = await database.withSession(readState);
  const alarms = outcome instanceof EngineError ? [`refused ${outcome.code}`] : alarmsOf(outcome);
  return { before, after, outcome, alarms };
}

function runAll(database: SessionDatabase, text: string): Promise<void> {
  const statements = splitStatements(text).filter((piece) => !isCommentOnly(piece.text));
  return database.withSession(async (session) => {
    for (const statement of statements) await session.run(userStatement(statement.text));
  });
}
