import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgres } from "../../src/engine/database/postgres.ts";
import { sql } from "../../src/engine/database/sql.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { hasPgbouncer, startPgbouncer, type Pgbouncer } from "../support/pgbouncer.ts";
import { createDatabase, sharedServer, type TestDatabase } from "../support/test-database.ts";

describe.skipIf(!hasPgbouncer)("behind PgBouncer in transaction mode (needs pgbouncer installed)", () => {
  let created: TestDatabase;
  let pooler: Pgbouncer;
  let databases: readonly SessionDatabase[];
  beforeAll(async () => {
    created = await createDatabase();
    pooler = await startPgbouncer(await sharedServer(17));
    const url = new URL(created.url);
    url.port = String(pooler.port);
    url.searchParams.set("pool_mode", "transaction");
    // Three clients of four connections each share two connections of the server.
    databases = [1, 2, 3].map(() => openPostgres({ url: url.toString() }));
  });
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await pooler.stop();
    await created.drop();
  });
  const onEach = async <T>(
    use: (database: SessionDatabase, number: number) => Promise<T>,
  ): Promise<readonly T[]> =>
    Promise.all(
      Array.from({ length: 120 }, (_, number) => {
        const database = databases[number % databases.length];
        if (database === undefined) throw new Error("no database");
        return use(database, number);
      }),
    );

  test("the target says that it pools transactions", () => {
    expect(databases[0]?.target.pooling).toBe("transaction");
  });

  test("120 statements with values at once find no prepared statement of another", async () => {
    const answers = await onEach((database, number) =>
      database.withSession(
        async (session) => (await session.run(sql`select ${number}::int as number`)).rows[0],
      ),
    );
    expect(answers).toEqual(Array.from({ length: 120 }, (_, number) => ({ number })));
  });

  test("120 transactions at once each stay whole, and settings of one reach no other", async () => {
    const answers = await onEach((database, number) =>
      database.withSession(async (session) => {
        await session.run(sql`begin`);
        await session.run(sql`select set_config('app.number', ${number}::text, true)`);
        const { rows } = await session.run(sql`select current_setting('app.number') as number`);
        return [rows[0]?.["number"], (await session.run(sql`commit`)).command];
      }),
    );
    expect(answers).toEqual(Array.from({ length: 120 }, (_, number) => [String(number), "COMMIT"]));
  });

  test("a transaction left open is ended before its connection serves another", async () => {
    const left = await onEach((database, number) =>
      database.withSession(async (session) => {
        const { rows } = await session.run(sql`select pg_current_xact_id_if_assigned() is null as clean`);
        await session.run(sql`begin`);
        if (number % 2 === 0) await session.run(sql`select pg_current_xact_id()`);
        return rows[0]?.["clean"];
      }),
    );
    expect(new Set(left)).toEqual(new Set([true]));
  });

  test("a running statement can be cancelled through it", async () => {
    await databases[0]?.withSession(async (session) => {
      const running = session.run(sql`select pg_sleep(30)`).catch((error: unknown) => error);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await session.cancel();
      expect(await running).toMatchObject({ fields: { sqlstate: "57014" } });
    });
  });
});
