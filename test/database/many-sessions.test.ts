import { setFlagsFromString } from "node:v8";
import { setTimeout as sleep } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPglite } from "../../src/engine/database/open-pglite.ts";
import { openPostgres } from "../../src/engine/database/postgres.ts";
import { sql } from "../../src/engine/database/sql.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { createDatabase } from "../support/test-database.ts";

const subjects = {
  "a server": async () => {
    const created = await createDatabase();
    return { database: openPostgres({ url: created.url }), drop: created.drop };
  },
  "the embedded database": async () => ({
    database: await openPglite({ dataDir: "memory" }),
    drop: async () => undefined,
  }),
};

describe.each(Object.entries(subjects))("many sessions of %s", (_, open) => {
  let database: SessionDatabase;
  let drop: () => Promise<void>;
  beforeAll(async () => ({ database, drop } = await open()));
  afterAll(async () => {
    await database.close();
    await drop();
  });

  test("a session that goes first is served before those that wait", async () => {
    const started: string[] = [];
    let letGo = (): void => undefined;
    const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
    const reader = () =>
      database.withSession(async () => {
        started.push("reader");
        await isLetGo;
      });
    const readers = Array.from({ length: 8 }, reader);
    const writer = database.withSession(async () => void started.push("writer"), "first");
    await expect.poll(() => started.length).toBeGreaterThan(0);
    letGo();
    await Promise.all([...readers, writer]);
    // At most four sessions run at a time.
    expect(started.indexOf("writer")).toBeLessThanOrEqual(4);
  });

  test("nothing of an answer is kept when it was given", async () => {
    const query = sql`select repeat(md5('x'), 6400) as text`;
    await database.withSession(async (session) => {
      const askOften = async () => {
        for (let count = 0; count < 100; count += 1) await session.run(query);
      };
      await askOften();
      const before = await heldBytes();
      await askOften();
      const keptAnswers = ((await heldBytes()) - before) / 204_800;
      expect(keptAnswers).toBeLessThan(25);
    });
  });

  test("files, sockets and timers are served while sessions wait", async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await Promise.all(
      Array.from({ length: 60 }, () =>
        database.withSession((session) => session.run(sql`select count(*) from generate_series(1, 20000)`)),
      ),
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(30);
  });
});

/** Bytes in use after everything that nobody holds was collected. */
async function heldBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  // Buffers are freed beside, a moment after their owners.
  for (let round = 0; round < 5; round += 1) {
    if (typeof collect === "function") collect();
    await sleep(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
