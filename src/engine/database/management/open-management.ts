import { EngineError } from "../../errors.ts";
import type { BatchDatabase, BatchQuery, BatchSettings, Query, QueryResult, Row } from "../../ports.ts";
import { sql, userStatement } from "../sql.ts";
import {
  createManagementApi,
  type ApiClock,
  type ManagementApi,
  type ManagementTarget,
} from "./management-api.ts";
import { scriptText } from "./script-text.ts";
import { asText, namesOf, toNames, toShapedResult } from "./shaped-query.ts";

/** A hosted project, and whether only reading is allowed. */
export type HostedTarget = ManagementTarget & { readonly isReadOnly: boolean };

/** Where read-only requests go: to the endpoint that runs them as a role without any right to write, or to the other with a flag. */
type ReadRoute = "own_endpoint" | "flag";

/**
 * A hosted project through its Management API's query endpoint alone. Nothing is sent before the first question. `isReadOnly` sends
 * every question as the role that can only read. Throws `authentication_failed`, `permission_denied`, `target_unreachable`,
 * `project_paused`, `rate_limited`.
 */
export function openManagement(target: HostedTarget, clock: ApiClock): BatchDatabase {
  const api = createManagementApi(target, clock);
  const known = new Map<string, Promise<readonly string[]>>();
  const readOnly = createReadOnlyRoute(api);
  const askOwn = target.isReadOnly ? readOnly : (text: string) => askRows(api, text, {});
  const strings = createStringsGuard(readOnly);
  const reader = (settings: BatchSettings) => ({
    run: async (query: Query) => {
      const sent = (asked: Query) => askOwn(readScript(asked, settings));
      const names = known.get(query.text) ?? sent(namesOf(query)).then(toNames);
      known.set(query.text, names);
      names.catch(() => known.delete(query.text));
      const columns = await names;
      return toShapedResult(columns, await sent(asText(query, columns.length, undefined)));
    },
  });
  return {
    transport: "batch",
    target: {
      engine: "postgres",
      id: target.projectRef,
      label: `${api.label} (Management API)`,
      pooling: "transaction",
    },
    reader,
    query: async (query) => {
      await strings();
      return runQuery(readOnly, query);
    },
    runScript: async (statements) => {
      if (target.isReadOnly)
        throw new EngineError("read_only", "Nothing can be written: this server is read-only.");
      await strings();
      return toRows(
        await api.send({ method: "POST", path: "/database/query", body: { query: scriptText(statements) } }),
      );
    },
    close: async () => undefined,
  };
}

type AskRows = (text: string) => Promise<readonly Row[]>;

async function askRows(
  api: ManagementApi,
  text: string,
  flags: { readonly read_only?: true },
): Promise<readonly Row[]> {
  return toRows(await api.ask({ method: "POST", path: "/database/query", body: { query: text, ...flags } }));
}

/** The endpoint of its own needs the smaller permission; where it is not offered, the flag of the other serves. */
function createReadOnlyRoute(api: ManagementApi): AskRows {
  const state: { route: ReadRoute } = { route: "own_endpoint" };
  const path = "/database/query/read-only";
  return async (query) => {
    if (state.route === "flag") return askRows(api, query, { read_only: true });
    try {
      return toRows(await api.ask({ method: "POST", path, body: { query } }));
    } catch (error) {
      const isMissing =
        error instanceof EngineError && ["permission_denied", "target_unreachable"].includes(error.code);
      if (!isMissing) throw error;
      const rows = await askRows(api, query, { read_only: true });
      state.route = "flag";
      return rows;
    }
  };
}

/**
 * With standard_conforming_strings off, a user's text could end where we do not see it: then none is sent. It is looked at once,
 * because several statements of one request are read before the first of them runs.
 */
function createStringsGuard(ask: AskRows): () => Promise<void> {
  let checked: Promise<void> | undefined;
  const check = async () => {
    const [row] = await ask(
      readScript(sql`select current_setting('standard_conforming_strings') as strings`, {}),
    );
    if (row?.["strings"] === "on") return;
    throw new EngineError(
      "needs_session",
      "standard_conforming_strings is off in this database, so that no SQL is safe in a request of several statements.",
    );
  };
  return () => {
    checked ??= check().catch((error: unknown) => {
      checked = undefined;
      throw error;
    });
    return checked;
  };
}

/** Read-only before anything is read: after the first snapshot the server refuses to make the transaction writable (25001). */
function readScript(query: Query, settings: BatchSettings): string {
  const local = Object.entries(settings).map(
    ([name, value]) => sql`select set_config(${name}, ${value}, true)`,
  );
  return scriptText([readOnlyTransaction, ...local, query]);
}

const readOnlyTransaction = sql`set transaction isolation level repeatable read read only`;

/** The read-only role's search path finds nothing; this is what Supabase gives to everybody else. */
const userSearchPath = '"$user", public, extensions';

async function runQuery(ask: AskRows, query: BatchQuery): Promise<QueryResult> {
  const settings = {
    search_path: userSearchPath,
    statement_timeout: String(query.timeoutMs),
    lock_timeout: String(query.timeoutMs),
  };
  const statement = userStatement(query.text);
  if (!query.isSelect) return toPlainResult(await ask(readScript(statement, settings)));
  const names = toNames(await ask(readScript(namesOf(statement), settings)));
  return toShapedResult(
    names,
    await ask(readScript(asText(statement, names.length, query.maxRows), settings)),
  );
}

/** SHOW and EXPLAIN: texts under few names. */
function toPlainResult(rows: readonly Row[]): QueryResult {
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({ name, type: "text" }));
  return { rows, columns, command: "SELECT", rowsAffected: rows.length };
}

function toRows(json: unknown): readonly Row[] {
  return Array.isArray(json) ? json.filter((row) => typeof row === "object" && row !== null) : [];
}
