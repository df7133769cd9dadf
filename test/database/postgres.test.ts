import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgres } from "../../src/engine/database/postgres.ts";
import { sql } from "../../src/engine/database/sql.ts";
import { errorCodeOf } from "../../src/engine/error-code.ts";
import { DatabaseError, EngineError } from "../../src/engine/errors.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { createDatabase, sharedServer, type TestDatabase } from "../support/test-database.ts";
import { failureOf, read, throughProxy } from "./through-proxy.ts";

let created: TestDatabase;
let database: SessionDatabase;
beforeAll(async () => {
  created = await createDatabase();
  database = openPostgres({ url: created.url });
});
afterAll(async () => {
  await database.close();
  await created.drop();
});

const databaseErrorOf = async (work: Promise<unknown>): Promise<DatabaseError> => {
  const error = await failureOf(work);
  if (error instanceof EngineError) throw error;
  return error;
};

describe("limits and cancelling", () => {
  test("a statement over its time limit is told from a cancelled one", async () => {
    await database.withSession(async (session) => {
      await session.run(sql`set statement_timeout = '50ms'`);
      const error = await databaseErrorOf(session.run(sql`select pg_sleep(5)`));
      expect(error.fields.sqlstate).toBe("57014");
      expect(errorCodeOf(error)).toBe("statement_timeout");
    });
  });

  test("a lock that is not free in time says so", async () => {
    await database.withSession((holder) =>
      database.withSession(async (waiter) => {
        await holder.run(sql`create table locked (i int)`);
        await holder.run(sql`begin`);
        await holder.run(sql`lock table locked`);
        await waiter.run(sql`set lock_timeout = '50ms'`);
        const error = await databaseErrorOf(waiter.run(sql`select * from locked`));
        expect(errorCodeOf(error)).toBe("lock_not_available");
      }),
    );
  });

  test("cancelling ends the running statement at once, and its transaction with it", async () => {
    const startedAt = performance.now();
    await database.withSession(async (session) => {
      await session.run(sql`begin`);
      await session.run(sql`create table half_done (i int)`);
      const running = databaseErrorOf(session.run(sql`select pg_sleep(30)`));
      await sleep(50);
      await session.cancel();
      expect(errorCodeOf(await running)).toBe("cancelled");
    });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(
      await database.withSession((session) => read(session, "select to_regclass('half_done')")),
    ).toBeNull();
  });

  test("a statement cancelled in the moment it is sent ends too", async () => {
    for (let round = 0; round < 20; round += 1) {
      await database.withSession(async (session) => {
        const running = session.run(sql`select pg_sleep(30)`).catch((error: unknown) => error);
        if (round % 2 === 0) await Promise.resolve();
        await session.cancel();
        expect(await running).toBeInstanceOf(DatabaseError);
      });
    }
  });

  test("a cancelled session's connection serves nobody else", async () => {
    const pid = await database.withSession(async (session) => {
      const own = await read(session, "select pg_backend_pid()");
      const running = session.run(sql`select pg_sleep(30)`).catch(() => undefined);
      await sleep(20);
      await session.cancel();
      await running;
      return own;
    });
    expect(await database.withSession((session) => read(session, "select pg_backend_pid()"))).not.toBe(pid);
  });
});

describe("lost connections", () => {
  test.each(["idle", "busy"])(
    "the end of an %s session by an administrator is a lost connection",
    async (state) => {
      await database.withSession(async (session) => {
        await session.run(sql`begin`);
        const pid = await read(session, "select pg_backend_pid()");
        const running = state === "busy" ? databaseErrorOf(session.run(sql`select pg_sleep(30)`)) : undefined;
        await sleep(20);
        await database.withSession((other) =>
          read(other, `select pg_terminate_backend(${String(pid)}, 5000)`),
        );
        await sleep(20);
        const error = (await running) ?? (await databaseErrorOf(session.run(sql`select 1`)));
        expect(error.connectionLost).toBe(true);
        // Another statement must not find its way to another connection, outside the transaction.
        expect((await databaseErrorOf(session.run(sql`select 1`))).connectionLost).toBe(true);
      });
      expect(await database.withSession((session) => read(session, "select 1"))).toBe(1);
    },
  );

  test("a COMMIT whose answer is lost is in doubt, and was carried out", () =>
    throughProxy(created.url, async (proxied, proxy) => {
      const error = await databaseErrorOf(
        proxied.withSession(async (session) => {
          await session.run(sql`begin`);
          await session.run(sql`create table commit_answer_lost (i int)`);
          proxy.cutAfterRequest("commit");
          await session.run(sql`commit`);
        }),
      );
      expect(error.connectionLost).toBe(true);
      await expect
        .poll(() =>
          database.withSession((session) => read(session, "select to_regclass('commit_answer_lost')")),
        )
        .toBe("commit_answer_lost");
    }));

  test("a COMMIT that never arrived is in doubt, and was not carried out", () =>
    throughProxy(created.url, async (proxied, proxy) => {
      const error = await databaseErrorOf(
        proxied.withSession(async (session) => {
          await session.run(sql`begin`);
          await session.run(sql`create table commit_lost (i int)`);
          proxy.cutBeforeRequest("commit");
          await session.run(sql`commit`);
        }),
      );
      expect(error.connectionLost).toBe(true);
      expect(
        await database.withSession((session) => read(session, "select to_regclass('commit_lost')")),
      ).toBeNull();
    }));

  test("an answer cut in its middle is a lost connection, and the next session works", () =>
    throughProxy(created.url, async (proxied, proxy) => {
      const error = await databaseErrorOf(
        proxied.withSession(async (session) => {
          await session.run(sql`select 1`);
          proxy.cutAfterBytes(2000);
          await session.run(sql`select repeat('x', 100000)`);
        }),
      );
      expect(error.connectionLost).toBe(true);
      expect(await proxied.withSession((session) => read(session, "select 1"))).toBe(1);
    }));

  test("a connection lost while idle is replaced without anybody noticing", () =>
    throughProxy(created.url, async (proxied, proxy) => {
      expect(await proxied.withSession((session) => read(session, "select 1"))).toBe(1);
      proxy.cutNow();
      await sleep(20);
      expect(await proxied.withSession((session) => read(session, "select 2"))).toBe(2);
    }));
});

describe("connections", () => {
  test("four at most, whatever is asked for", async () => {
    let open = 0;
    let peak = 0;
    let letGo = (): void => undefined;
    const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
    const sessions = Array.from({ length: 12 }, () =>
      database.withSession(async (session) => {
        open += 1;
        peak = Math.max(peak, open);
        await isLetGo;
        await session.run(sql`select 1`);
        open -= 1;
      }),
    );
    await expect.poll(() => open).toBe(4);
    letGo();
    await Promise.all(sessions);
    expect(peak).toBe(4);
  });

  test("one connection serves sessions that follow each other", async () => {
    const pid = (): Promise<unknown> =>
      database.withSession((session) => read(session, "select pg_backend_pid()"));
    expect(await pid()).toBe(await pid());
  });

  test("a session that ended inside a transaction takes its connection with it", async () => {
    const pid = await database.withSession(async (session) => {
      await session.run(sql`begin`);
      return read(session, "select pg_backend_pid()");
    });
    expect(await database.withSession((session) => read(session, "select pg_backend_pid()"))).not.toBe(pid);
  });

  test("they carry the program's name and go when the database is closed", async () => {
    const other = openPostgres({ url: created.url });
    const pid = await other.withSession((session) => read(session, "select pg_backend_pid()"));
    const name = `select application_name from pg_stat_activity where pid = ${String(pid)}`;
    expect(await database.withSession((session) => read(session, name))).toBe("godwit");
    await other.close();
    await expect.poll(() => database.withSession((session) => read(session, name))).toBeUndefined();
    expect(await failureOf(other.withSession(async () => undefined))).toMatchObject({
      code: "target_unreachable",
    });
  });

  test("a Unix socket leads to the same server", async () => {
    const { socketFolder, port } = await sharedServer(17);
    const url = new URL(created.url);
    const local = openPostgres({
      url: `postgres://postgres:${url.password}@${encodeURIComponent(socketFolder)}:${port}${url.pathname}`,
    });
    expect(await local.withSession((session) => read(session, "select inet_server_addr()"))).toBeNull();
    await local.close();
  });
});
