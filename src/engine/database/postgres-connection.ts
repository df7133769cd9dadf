import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Notice, Query } from "../ports.ts";
import { readBackendKey, sendCancelRequest } from "./cancel-request.ts";
import { describeHosts, type ConnectionAddress } from "./connection-url.ts";
import { inlineValues } from "./inline-values.ts";
import { openSocket } from "./open-socket.ts";
import type { ReceivedResult } from "./query-result.ts";
import { connectionLostError, toConnectError, toStatementError } from "./translate-error.ts";

/** One connection to a server. Never comes back by itself: once lost it stays lost, so that a transaction is never continued in another. */
export interface PostgresConnection {
  /**
   * Sends one statement with the extended protocol, unnamed, without waiting for the end of those before. Values are written into it:
   * the driver would ask for the types of parameters first, which takes a second round trip.
   */
  readonly run: (query: Query) => Promise<ReceivedResult>;
  /** Asks the server to stop the statement that runs, again and again until it has ended or 5 s have passed. */
  readonly cancelRunning: () => Promise<void>;
  readonly onNotice: (listener: (notice: Notice) => void) => void;
  readonly isLost: () => boolean;
  readonly close: () => Promise<void>;
}

/** Types that the driver would write or read in its own way; all go as text, both ways. */
const asText = {
  to: 25,
  from: [16, 17, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 3802],
  serialize: (value: unknown) => value,
  parse: (value: unknown) => value,
};

/** Logs in. Throws `target_unreachable` or `authentication_failed`, naming host and port and never the password. */
export async function openPostgresConnection(address: ConnectionAddress): Promise<PostgresConnection> {
  const { default: postgres } = await import("postgres");
  const loss = watchLoss();
  const notices: { listener: (notice: Notice) => void } = { listener: () => undefined };
  const sockets = singleSocket(address, loss.report);
  const options = {
    ...driverOptions(address),
    onnotice: (notice: Readonly<Record<string, string | undefined>>) =>
      notices.listener({ severity: notice["severity"] ?? "NOTICE", message: notice["message"] ?? "" }),
    onclose: loss.report,
    socket: sockets.open,
  };
  const client = postgres(options);
  const close = async () => {
    loss.report();
    await client.end({ timeout: 0 });
    await sockets.close();
  };
  // The driver's own way to hold a connection, reserve(), never answers with fetch_types off; with max 1 there is no other to go to.
  await client.unsafe("select 1", [], extendedProtocol).catch(async (cause: unknown) => {
    await close();
    throw toConnectError(cause, describeHosts(address));
  });
  const running = new Set<Promise<unknown>>();
  return {
    run: async (query) => {
      if (loss.isReported()) throw connectionLostError();
      const sent = client.unsafe(inlineValues(query), [], extendedProtocol).raw();
      running.add(sent);
      try {
        return toReceivedResult(await loss.orLost(sent));
      } catch (error) {
        const translated = toStatementError(error);
        if (translated.connectionLost) loss.report();
        throw translated;
      } finally {
        running.delete(sent);
      }
    },
    cancelRunning: () => cancelUntilEnded(address, running),
    onNotice: (listener) => {
      notices.listener = listener;
    },
    isLost: loss.isReported,
    close,
  };
}

/** Without parameters the driver would choose the simple protocol, which runs several statements at once. */
const extendedProtocol = { prepare: false, simple: false };

function driverOptions(address: ConnectionAddress) {
  return {
    // Where to connect is up to the socket option; the driver wants some name.
    host: "server",
    port: 5432,
    user: address.user,
    password: address.password,
    database: address.database,
    ssl: false,
    max: 1,
    prepare: false,
    fetch_types: false,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    debug: false,
    connection: {
      application_name: "godwit",
      ...(address.startRole === undefined ? {} : { role: address.startRole }),
    },
    types: { asText },
  };
}

/** Gives the driver one socket and no second: after a loss it would connect anew and go on outside the transaction. */
function singleSocket(address: ConnectionAddress, reportLoss: () => void) {
  const state: { socket?: Socket; isAsked: boolean } = { isAsked: false };
  return {
    open: async (): Promise<Socket> => {
      if (state.isAsked)
        throw Object.assign(new Error("The connection was closed."), { code: "CONNECTION_CLOSED" });
      state.isAsked = true;
      state.socket = await openSocket(address);
      state.socket.once("error", reportLoss);
      return state.socket;
    },
    close: async (): Promise<void> => {
      const { socket } = state;
      if (socket === undefined || socket.closed) return;
      const closed = new Promise((resolve) => socket.once("close", resolve));
      const timer = setTimeout(() => socket.destroy(), 1000);
      socket.end();
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Knows whether the connection is lost; what waits for it then hears a moment later, so that what the driver has to say comes first. */
function watchLoss() {
  const waiting = new Set<(error: Error) => void>();
  const state = { isReported: false };
  return {
    isReported: () => state.isReported,
    report: () => {
      state.isReported = true;
      setImmediate(() => {
        for (const reject of waiting) reject(connectionLostError());
      });
    },
    /** Settles as the statement does, or rejects where the connection is lost before. `Promise.race` would keep every result as long as the connection. */
    orLost: <T>(statement: Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        waiting.add(reject);
        const forget = (): void => void waiting.delete(reject);
        statement.finally(forget).then(resolve, reject);
      }),
  };
}

/** A request that comes before the statement has begun is ignored by the server, hence again and again. */
async function cancelUntilEnded(
  address: ConnectionAddress,
  running: ReadonlySet<Promise<unknown>>,
): Promise<void> {
  for (const statement of running) {
    const ended = statement.then(
      () => true,
      () => true,
    );
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const key = readBackendKey(statement);
      if (key !== undefined) await sendCancelRequest(address, key);
      if (await Promise.race([ended, sleep(100, false)])) break;
    }
  }
}

interface DriverResult extends Iterable<readonly (Buffer | null)[]> {
  readonly columns?: readonly { readonly name: string; readonly type: number }[] | undefined;
  readonly command?: string | null;
  readonly count?: number | null;
}

function toReceivedResult(result: DriverResult): ReceivedResult {
  return {
    columns: (result.columns ?? []).map(({ name, type }) => ({ name, typeOid: type })),
    rows: Array.from(result, (cells) => cells.map((cell) => (cell === null ? null : cell.toString("utf8")))),
    command: result.command ?? "",
    rowsAffected: result.count ?? 0,
  };
}
