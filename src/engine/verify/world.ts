import { sql } from "../database/sql.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Session } from "../ports.ts";
import type { World } from "./assertion.ts";

/** What assertions look at in the open transaction, each in the savepoint `inSavepoint` makes. */
export function makeWorld(session: Session, catalog: Catalog, isReadOnly: boolean): World {
  return {
    catalog,
    isReadOnly,
    run: (query) => session.run(query),
    startAgain: async () => void (await session.run(sql`rollback to savepoint godwit_check`)),
  };
}

/** Runs in a savepoint that is rolled back. */
export async function inSavepoint<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.run(sql`savepoint godwit_check`);
  const result = await work();
  await session.run(sql`rollback to savepoint godwit_check`);
  await session.run(sql`release savepoint godwit_check`);
  return result;
}
