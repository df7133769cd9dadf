import { setImmediate as nextLoop } from "node:timers/promises";
import type { SessionDatabase, Query, QueryResult, Session, TargetDescription } from "../ports.ts";
import { createInTurn } from "./in-turn.ts";
import { extendedQueryMessage, readAnswer } from "./pglite-protocol.ts";
import { toQueryResult } from "./query-result.ts";
import { assertNoClientCopy } from "./refuse-copy.ts";
import { writeRequestedVersions } from "../stand-in/index.ts";
import { createSlots } from "./slots.ts";
import { collectNotices } from "./session-notices.ts";
import { writeInstanceFile, type StartedPglite } from "./start-pglite.ts";
import { sql } from "./sql.ts";
import { connectionLostError, sessionEndedError } from "./translate-error.ts";

/**
 * A database over a PGlite instance. It has one connection: sessions take turns, and each begins clean.
 * Known limits of PGlite: nothing can interrupt a running statement, so that `cancel` waits for its end; `statement_timeout` and
 * `lock_timeout` never fire; after one failed load of a native library every later first load fails too, until a restart.
 */
export function pgliteDatabase(
  { pglite, protocol }: StartedPglite,
  target: TargetDescription,
  close: () => Promise<void>,
): SessionDatabase {
  const inSlot = createSlots(1);
  const writeFile = (path: string, content: string | Uint8Array) => writeInstanceFile(pglite, path, content);
  const send = async (query: Query) => {
    // Its work is synchronous: one query after the other would keep files, sockets and timers waiting for all of them.
    await nextLoop();
    writeRequestedVersions({ writeFile }, query.text);
    const message = extendedQueryMessage(protocol, query);
    const { messages } = await pglite
      .execProtocol(message, { throwOnError: false })
      .catch((cause: unknown) => {
        throw connectionLostError(cause);
      });
    return readAnswer(protocol, messages);
  };
  return {
    transport: "session",
    target,
    withSession: (use, place) =>
      inSlot(async () => {
        const { session, end } = openSession(send);
        try {
          return await use(session);
        } finally {
          await end();
        }
      }, place),
    close: () => inSlot(close),
  };
}

type Send = (query: Query) => Promise<ReturnType<typeof readAnswer>>;

function openSession(send: Send): { readonly session: Session; readonly end: () => Promise<void> } {
  const inTurn = createInTurn();
  const notices = collectNotices();
  const state = { ended: false, inTransaction: false };
  const run = async (query: Query): Promise<QueryResult> => {
    if (state.ended) throw sessionEndedError();
    assertNoClientCopy(query.text);
    const answer = await send(query);
    state.inTransaction = answer.inTransaction;
    answer.notices.forEach(notices.add);
    if (answer.error !== undefined) throw answer.error;
    return toQueryResult(answer.result);
  };
  const stop = () => {
    state.ended = true;
  };
  const session: Session = {
    run: (query) => inTurn(() => run(query)),
    cancel: async () => {
      stop();
      await inTurn(async () => undefined);
    },
    discard: stop,
    notices: notices.list,
  };
  const end = async () => {
    stop();
    await inTurn(() => leaveClean(send, state.inTransaction));
  };
  return { session, end };
}

/** Ends an open transaction and takes back what a session may leave: settings, role, temporary tables, advisory locks. */
async function leaveClean(send: Send, inTransaction: boolean): Promise<void> {
  if (inTransaction) await send(sql`rollback`);
  // Without a server, PGlite has no authenticated user to go back to, and `default` keeps whoever was set.
  await send(sql`set session authorization postgres`);
  await send(sql`discard all`);
}
