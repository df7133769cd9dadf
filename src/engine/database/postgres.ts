import type { SessionDatabase, Query, Session, TargetDescription } from "../ports.ts";
import { createConnectionPool } from "./connection-pool.ts";
import { describeHosts, parseConnectionUrl, type ConnectionAddress } from "./connection-url.ts";
import { openPostgresConnection, type PostgresConnection } from "./postgres-connection.ts";
import { toQueryResult } from "./query-result.ts";
import { assertNoClientCopy } from "./refuse-copy.ts";
import { collectNotices } from "./session-notices.ts";
import { sql } from "./sql.ts";
import { sessionEndedError } from "./translate-error.ts";

export interface PostgresTarget {
  readonly url: string;
  readonly projectId?: string;
}

/**
 * A database on a server, over at most four connections; nothing is connected before the first session. Throws `invalid_settings`
 * for a URL that cannot be read; `withSession` throws `target_unreachable` and `authentication_failed`.
 */
export function openPostgres(target: PostgresTarget): SessionDatabase {
  const address = parseConnectionUrl(target.url);
  return openPostgresAt(async () => address, describeTarget(address, target.projectId));
}

/** The same for an address that is asked for anew with each connection, because its login may have ended. */
export function openPostgresAt(
  findAddress: () => Promise<ConnectionAddress>,
  target: TargetDescription,
): SessionDatabase {
  const pool = createConnectionPool(async () => openPostgresConnection(await findAddress()));
  return {
    transport: "session",
    target,
    withSession: (use, place) =>
      pool.withConnection(async (connection, keepOpen) => {
        const { session, isReusable } = openSession(connection);
        const result = await use(session);
        if (isReusable() && (await canLeaveClean(connection, target.pooling))) keepOpen();
        return result;
      }, place),
    close: pool.close,
  };
}

interface OpenSession {
  readonly session: Session;
  /** Ends the session; false where its connection must not serve another. */
  readonly isReusable: () => boolean;
}

function openSession(connection: PostgresConnection): OpenSession {
  const notices = collectNotices();
  connection.onNotice(notices.add);
  const state = { isEnded: false, isDiscarded: false };
  const discard = () => {
    state.isEnded = true;
    state.isDiscarded = true;
  };
  const run = async (query: Query) => {
    if (state.isEnded) throw sessionEndedError();
    assertNoClientCopy(query.text);
    return toQueryResult(await connection.run(query));
  };
  const session: Session = {
    run,
    cancel: async () => {
      discard();
      await connection.cancelRunning();
    },
    discard: () => {
      discard();
      void connection.close();
    },
    notices: notices.list,
  };
  const isReusable = () => {
    state.isEnded = true;
    return !state.isDiscarded && !connection.isLost();
  };
  return { session, isReusable };
}

/**
 * Takes back what a session may leave. DISCARD ALL fails inside a transaction, which closes the connection. Behind a transaction
 * pooler it would reach a connection that others use, and only a transaction can be ours: ROLLBACK ends it, or only warns.
 */
async function canLeaveClean(
  connection: PostgresConnection,
  pooling: TargetDescription["pooling"],
): Promise<boolean> {
  const reset = pooling === "transaction" ? sql`rollback` : sql`discard all`;
  return connection.run(reset).then(
    () => true,
    () => false,
  );
}

function describeTarget(address: ConnectionAddress, projectId: string | undefined): TargetDescription {
  const place = describeHosts(address);
  return {
    engine: "postgres",
    id: address.projectRef ?? projectId ?? `${address.database}@${address.hosts[0].host}`,
    label: `${place}/${address.database}`,
    pooling: address.pooling,
  };
}
