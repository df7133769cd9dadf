import { readCatalog } from "../catalog/read-catalog.ts";
import { sql } from "../database/sql.ts";
import { describeLockHolder, readLockHolders, type LockHolder } from "../effects/lock-holders.ts";
import { errorCodeOf } from "../error-code.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Database, Session } from "../ports.ts";
import { sendTogether } from "../database/send-together.ts";
import { rollback } from "./transaction.ts";

/** From PostgreSQL 17 on, writing out an expression or a view waits behind whoever alters its table. */
const lockTimeoutMs = 1_000;

/** Measured: 2,000 tables take 1.5 s. */
const statementTimeoutMs = 60_000;

const lockTimedOut = "55P03";
const statementTimedOut = "57014";

/**
 * The target's whole schema, in a read-only transaction of its own that waits for a lock a moment only. Throws `lock_not_available`
 * naming who alters something right now, `statement_timeout` after a minute, and else the code of what the database answered, `connection_lost`
 * where it is gone.
 */
export async function readLiveCatalog(database: Database, session: Session): Promise<Catalog> {
  try {
    const [, , catalog] = await sendTogether(
      session.run(sql`begin read only`),
      database.target.engine === "postgres" ? setLimits(session) : Promise.resolve(),
      readCatalog(session),
    );
    return catalog;
  } catch (error) {
    await rollback(session);
    throw await explain(session, error);
  } finally {
    await rollback(session);
  }
}

/** The same in a session of its own, or by one request. */
export async function readLiveSchema(database: Database): Promise<Catalog> {
  if (database.transport === "session")
    return database.withSession((session) => readLiveCatalog(database, session));
  const limits = { lock_timeout: String(lockTimeoutMs), statement_timeout: String(statementTimeoutMs) };
  return readCatalog(database.reader(limits)).catch((error: unknown) => {
    throw error instanceof DatabaseError ? explainAlone(error) : error;
  });
}

async function setLimits(session: Session): Promise<void> {
  await session.run(sql`
    select
      set_config('lock_timeout', ${String(lockTimeoutMs)}, true),
      set_config('statement_timeout', ${String(statementTimeoutMs)}, true)`);
}

async function explain(session: Session, error: unknown): Promise<unknown> {
  if (!(error instanceof DatabaseError)) return error;
  const { sqlstate } = error.fields;
  return sqlstate === lockTimedOut ? lockHeld(session, error) : explainAlone(error);
}

/** Without a look at who is in the way. */
function explainAlone(error: DatabaseError): EngineError {
  if (error.fields.sqlstate !== statementTimedOut) return cannotRead(error);
  const seconds = statementTimeoutMs / 1000;
  return new EngineError(
    "statement_timeout",
    `The live schema could not be read within ${seconds} s.`,
    { hint: "Call again when the server is less busy. Nothing was changed." },
    error,
  );
}

/** Repeats nothing of the database's own text, which nobody has fenced here. */
function cannotRead(error: DatabaseError): EngineError {
  const { sqlstate } = error.fields;
  const message = `The live schema could not be read: the database answered ${sqlstate}.`;
  return new EngineError(errorCodeOf(error), message, { sqlstate }, error);
}

async function lockHeld(session: Session, cause: DatabaseError): Promise<EngineError> {
  const holders = await readLockHolders(session, "").catch((): readonly LockHolder[] => []);
  const who = holders.length === 0 ? "Another session" : holders.map(describeLockHolder).join("; ");
  return new EngineError(
    "lock_not_available",
    `${who} alters something right now, and the live schema cannot be read meanwhile; it was waited for ${lockTimeoutMs} ms.`,
    {},
    cause,
  );
}
