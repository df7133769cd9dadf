import { sql, userStatement } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { QueryResult, Row, Session, TargetDescription } from "../ports.ts";
import { sendTogether } from "../database/send-together.ts";
import { rollback } from "./transaction.ts";

export interface QueryLimits {
  /** Rows in the answer at most. */
  readonly maxRows: number;
  /** Characters of the answer's rows, as JSON, at most. */
  readonly maxCharacters: number;
  /** What the server lets the query run, in milliseconds; 0 is no limit. */
  readonly timeoutMs: number;
}

export interface QueryAnswer {
  readonly columns: QueryResult["columns"];
  readonly rows: readonly Row[];
  /** True exactly where there are more rows than these. */
  readonly hasMore: boolean;
}

/** Rows fetched at a time, so that a wide table does not fill the memory before the limit is seen. */
const rowsPerFetch = 50;

const cursorPrefix = "declare godwit_rows no scroll cursor for ";

/**
 * Runs one query in a read-only transaction that is rolled back, with the server's own time limit. The snapshot is taken
 * first: after it the server refuses to make the transaction writable (25001). `select` is a query that a cursor can be
 * opened on; others (SHOW, EXPLAIN) are small and run as they are. Throws `DatabaseError` with positions in `text`.
 */
export async function runReadOnlyQuery(
  session: Session,
  query: { readonly text: string; readonly canUseCursor: boolean },
  limits: QueryLimits,
  engine: TargetDescription["engine"],
): Promise<QueryAnswer> {
  try {
    await sendTogether(
      session.run(sql`begin isolation level repeatable read read only`),
      session.run(sql`reset all`),
      setQueryLimits(session, limits, engine),
    );
    if (!query.canUseCursor) return capRows(await session.run(userStatement(query.text)), limits);
    await openCursor(session, query.text);
    return await fetchRows(session, limits);
  } finally {
    await rollback(session);
  }
}

async function setQueryLimits(
  session: Session,
  { timeoutMs }: QueryLimits,
  engine: TargetDescription["engine"],
): Promise<void> {
  if (engine === "pglite")
    await session.run(sql`select set_config('standard_conforming_strings', 'on', true)`);
  else {
    await session.run(sql`
      select
        set_config('statement_timeout', ${String(timeoutMs)}, true),
        set_config('lock_timeout', ${String(timeoutMs)}, true),
        set_config('idle_in_transaction_session_timeout', '60s', true),
        set_config('client_connection_check_interval', '1s', true),
        set_config('standard_conforming_strings', 'on', true)`);
  }
}

async function openCursor(session: Session, text: string): Promise<void> {
  try {
    await session.run(userStatement(`${cursorPrefix}${text}`));
  } catch (error) {
    throw error instanceof DatabaseError ? withoutPrefix(error) : error;
  }
}

/** The position as if the query had been sent alone. */
function withoutPrefix(error: DatabaseError): DatabaseError {
  const { position, ...fields } = error.fields;
  if (position === undefined) return error;
  const own = Math.max(1, position - cursorPrefix.length);
  return new DatabaseError({ ...fields, position: own }, error.connectionLost, error.cause);
}

async function fetchRows(session: Session, limits: QueryLimits): Promise<QueryAnswer> {
  const rows: Row[] = [];
  let characters = 0;
  for (;;) {
    const wanted = Math.min(rowsPerFetch, limits.maxRows + 1 - rows.length);
    // FETCH takes no parameter; the count is our own number.
    const fetched = await session.run(userStatement(`fetch forward ${wanted} from godwit_rows`));
    for (const row of fetched.rows) {
      characters += JSON.stringify(row).length;
      const isFull = rows.length === limits.maxRows || (rows.length > 0 && characters > limits.maxCharacters);
      if (isFull) return { columns: fetched.columns, rows, hasMore: true };
      rows.push(row);
    }
    if (fetched.rows.length < wanted) return { columns: fetched.columns, rows, hasMore: false };
  }
}

/** The first rows of a result that is there already. */
export function capRows(result: QueryResult, limits: QueryLimits): QueryAnswer {
  const rows: Row[] = [];
  let characters = 0;
  for (const row of result.rows) {
    characters += JSON.stringify(row).length;
    if (rows.length === limits.maxRows || (rows.length > 0 && characters > limits.maxCharacters)) break;
    rows.push(row);
  }
  return { columns: result.columns, rows, hasMore: rows.length < result.rows.length };
}
