import { EngineError } from "../errors.ts";
import type { Place } from "../ports.ts";
import { createSlots } from "./slots.ts";

/** What the pool needs of a connection. */
export interface PooledConnection {
  readonly isLost: () => boolean;
  readonly close: () => Promise<void>;
}

export interface ConnectionPool<C> {
  /** Runs with one connection, which is closed afterwards unless `keepOpen` was called; waits in line where all are in use. */
  readonly withConnection: <T>(
    use: (connection: C, keepOpen: () => void) => Promise<T>,
    place?: Place,
  ) => Promise<T>;
  /** Closes what is idle, and what is in use as soon as it is given back. */
  readonly close: () => Promise<void>;
}

/** Hosted projects give few connections: 15 to a small pooler. */
const maxConnections = 4;
const idleTimeoutMs = 30_000;

/** At most four connections at a time, each closed after 30 idle seconds. */
export function createConnectionPool<C extends PooledConnection>(open: () => Promise<C>): ConnectionPool<C> {
  const inSlot = createSlots(maxConnections);
  const idle = createIdleList<C>();
  const state = { isClosed: false };

  const useConnection = async <T>(use: (connection: C, keepOpen: () => void) => Promise<T>): Promise<T> => {
    if (state.isClosed)
      throw new EngineError("target_unreachable", "The connection to the database was closed.");
    const connection = idle.take() ?? (await open());
    let isKept = false;
    try {
      return await use(connection, () => {
        isKept = true;
      });
    } finally {
      if (isKept && !state.isClosed) idle.add(connection);
      else await connection.close();
    }
  };
  return {
    withConnection: (use, place) => inSlot(() => useConnection(use), place),
    close: async () => {
      state.isClosed = true;
      await idle.closeAll();
    },
  };
}

/** Connections that nobody uses, the one used last first. */
function createIdleList<C extends PooledConnection>() {
  const timers = new Map<C, NodeJS.Timeout>();
  const remove = (connection: C): void => {
    clearTimeout(timers.get(connection));
    timers.delete(connection);
  };
  const close = (connection: C): Promise<void> => {
    remove(connection);
    return connection.close();
  };
  const add = (connection: C): void => {
    const timer = setTimeout(() => void close(connection), idleTimeoutMs);
    timer.unref();
    timers.set(connection, timer);
  };
  const take = (): C | undefined => {
    const connection = [...timers.keys()].at(-1);
    if (connection === undefined) return undefined;
    remove(connection);
    return connection.isLost() ? take() : connection;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all([...timers.keys()].map(close));
  };
  return { add, take, closeAll };
}
