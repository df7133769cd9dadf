import { EngineError } from "../errors.ts";

/** What the pool needs of a connection. */
export interface PooledConnection {
  readonly isLost: () => boolean;
  readonly close: () => Promise<void>;
}

export interface ConnectionPool<C> {
  /** Runs with one connection, which is closed afterwards unless `keepOpen` was called; waits in line where all are in use. */
  readonly withConnection: <T>(use: (connection: C, keepOpen: () => void) => Promise<T>) => Promise<T>;
  /** Closes what is idle, and what is in use as soon as it is given back. */
  readonly close: () => Promise<void>;
}

/** Hosted projects give few connections: 15 to a small pooler. */
const maxConnections = 4;
const idleTimeoutMs = 30_000;

interface Idle<C> {
  readonly connection: C;
  readonly timer: NodeJS.Timeout;
}

/** At most four connections at a time, each closed after 30 idle seconds. */
export function createConnectionPool<C extends PooledConnection>(open: () => Promise<C>): ConnectionPool<C> {
  const idle: Idle<C>[] = [];
  const waiting: (() => void)[] = [];
  const state = { slotsTaken: 0, isClosed: false };

  const takeSlot = async (): Promise<void> => {
    if (state.isClosed)
      throw new EngineError("target_unreachable", "The connection to the database was closed.");
    if (state.slotsTaken === maxConnections) return new Promise((resolve) => waiting.push(resolve));
    state.slotsTaken += 1;
  };
  const freeSlot = (): void => {
    const next = waiting.shift();
    if (next === undefined) state.slotsTaken -= 1;
    else next();
  };
  const takeIdle = (): C | undefined => {
    const entry = idle.pop();
    if (entry === undefined) return undefined;
    clearTimeout(entry.timer);
    return entry.connection.isLost() ? takeIdle() : entry.connection;
  };
  const closeIdle = async (): Promise<void> => {
    await Promise.all(
      idle.splice(0).map(({ connection, timer }) => {
        clearTimeout(timer);
        return connection.close();
      }),
    );
  };
  const keepIdle = (connection: C): void => {
    const timer = setTimeout(() => {
      const index = idle.findIndex((entry) => entry.connection === connection);
      if (index !== -1) idle.splice(index, 1);
      void connection.close();
    }, idleTimeoutMs);
    timer.unref();
    idle.push({ connection, timer });
  };

  return {
    withConnection: async (use) => {
      await takeSlot();
      try {
        const connection = takeIdle() ?? (await open());
        let isKept = false;
        try {
          return await use(connection, () => {
            isKept = true;
          });
        } finally {
          if (isKept && !state.isClosed) keepIdle(connection);
          else await connection.close();
        }
      } finally {
        freeSlot();
      }
    },
    close: async () => {
      state.isClosed = true;
      await closeIdle();
    },
  };
}
