import { sql } from "../database/sql.ts";
import type { Session } from "../ports.ts";
import type { World } from "./assertion.ts";

/**
 * Runs in a savepoint of the open transaction that is rolled back. It is made before the first statement: most assertions look at
 * the catalog alone, and a spec of a thousand should not take thousands of round trips.
 */
export async function inSavepoint<T>(
  session: Session,
  work: (within: Pick<World, "run" | "startAgain">) => T | Promise<T>,
): Promise<T> {
  let isOpen = false;
  const startAgain = async () => {
    if (isOpen) await session.run(sql`rollback to savepoint godwit_check`);
  };
  const run: World["run"] = async (query) => {
    if (!isOpen) await session.run(sql`savepoint godwit_check`);
    isOpen = true;
    return session.run(query);
  };
  const result = await work({ run, startAgain });
  await startAgain();
  if (isOpen) await session.run(sql`release savepoint godwit_check`);
  return result;
}
