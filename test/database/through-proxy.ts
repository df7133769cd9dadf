import { expect } from "vitest";
import { openPostgres } from "../../src/engine/database/postgres.ts";
import { userStatement } from "../../src/engine/database/sql.ts";
import { DatabaseError, EngineError } from "../../src/engine/errors.ts";
import type { SessionDatabase, Session } from "../../src/engine/ports.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";
import { sharedServer } from "../support/test-database.ts";

/** The database at `address` through a proxy, for the length of one test. */
export async function throughProxy(
  address: string,
  use: (database: SessionDatabase, proxy: TcpProxy) => Promise<void>,
): Promise<void> {
  const { port } = await sharedServer(17);
  const proxy = await startTcpProxy(port);
  const url = new URL(address);
  url.port = String(proxy.port);
  const proxied = openPostgres({ url: url.toString() });
  try {
    await use(proxied, proxy);
  } finally {
    await proxied.close();
    await proxy.close();
  }
}

/** The error that the work has to fail with. */
export async function failureOf(work: Promise<unknown>): Promise<DatabaseError | EngineError> {
  const error = await work.then(
    () => expect.fail("should have failed"),
    (reason: unknown) => reason,
  );
  if (error instanceof DatabaseError || error instanceof EngineError) return error;
  throw error;
}

/** The one value that a query answers. */
export async function read(session: Session, text: string): Promise<unknown> {
  return Object.values((await session.run(userStatement(text))).rows[0] ?? {})[0];
}
