import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createShownPlans } from "../../src/engine/confirmation/shown-plans.ts";
import { openPostgres } from "../../src/engine/database/postgres.ts";
import { openFolder } from "../../src/engine/files/migration-folder.ts";
import { applyMigration } from "../../src/engine/use-cases/apply-migration.ts";
import type { EngineContext } from "../../src/engine/use-cases/context.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";
import { sharedServer } from "../support/test-database.ts";
import { codeOf, connect, createPlayground, eventually, pause, type Playground } from "./playground.ts";

const files = {
  "20260101000000_first.sql": "create table first (id int);\n",
  "20260101000001_second.sql": "create table second (id int);\ninsert into second values (1);\n",
};

interface Faulty extends Playground {
  readonly proxy: TcpProxy;
}

/** A playground whose engine reaches the server through a proxy; the first file is applied already. */
async function createFaulty(): Promise<Faulty> {
  const { port } = await sharedServer(17);
  const proxy = await startTcpProxy(port);
  onTestFinished(() => proxy.close());
  const play = await createPlayground({
    files,
    engineUrl: (url) => url.replace(`:${port}/`, `:${proxy.port}/`),
  });
  await play.apply({ version: "20260101000000" });
  return { ...play, proxy };
}

/** What the engine's use cases get, with a clock that runs ahead: the patience of half a minute is over in a second. */
function contextInHaste({ proxy, url, dir }: Faulty): EngineContext {
  const address = new URL(url);
  address.port = String(proxy.port);
  const clock = { now: () => new Date(), monotonicMs: () => performance.now() * 20, sleep: pause };
  const database = openPostgres({ url: address.toString() });
  onTestFinished(() => database.close());
  const folder = openFolder({ dir: join(dir, "supabase/migrations"), projectDir: dir, clock });
  const context: EngineContext = {
    projectDir: dir,
    openDatabase: async () => database,
    openOther: () => Promise.reject(new Error("not asked for")),
    openNeighbour: () => Promise.reject(new Error("not asked for")),
    isProduction: false,
    openFolder: async () => folder,
    clock,
    observe: () => undefined,
    limits: {
      lockTimeoutMs: 500,
      lockWaitMs: 60_000,
      statementTimeoutMs: 0,
      queryTimeoutMs: 0,
      rehearsalTimeoutMs: 5_000,
      rollbackWindowHours: 0,
    },
    shownPlans: createShownPlans(),
    shadow: { cacheFolder: join(dir, ".godwit", "cache") },
    readOnly: false,
    verifyBeforeCommit: true,
    inTurn: (work) => work(context),
  };
  return context;
}

/** The proxy looks for what the driver sends; `commit` stands alone in its message. */
const commitText = "\0commit\0";

describe("a connection that breaks at COMMIT", () => {
  test("after the server got it: the migration is found to be applied", async () => {
    const play = await createFaulty();
    play.proxy.cutAfterRequest(commitText);
    expect(await play.apply()).toMatchObject({
      status: "applied",
      migrations: [{ version: "20260101000001", outcome: "applied", rows_affected: 1 }],
    });
    expect(await play.relations()).toEqual(["first", "second"]);
    expect(await play.entries()).toHaveLength(2);
  });

  test("before the server got it: the migration is found to be rolled back", async () => {
    const play = await createFaulty();
    play.proxy.cutBeforeRequest(commitText);
    const report = await play.apply();
    expect(report).toMatchObject({ status: "failed", failure: { code: "connection_lost" } });
    expect(report.migrations).toMatchObject([{ outcome: "failed" }]);
    expect(await play.relations()).toEqual(["first"]);
    expect(await play.entries()).toHaveLength(1);
    expect((await play.apply()).status).toBe("applied");
  });

  test("and stays away: the outcome is said to be unknown, and found by the next call", async () => {
    const play = await createFaulty();
    play.proxy.cutAfterRequestForGood(commitText);
    const report = await applyMigration(contextInHaste(play), {}, {});
    await eventually(async () => (await play.relations()).includes("second"), "the commit on the server");
    expect(report).toMatchObject({ status: "in_doubt", failure: { code: "outcome_unknown" } });
    expect(report.migrations).toMatchObject([{ outcome: "in_doubt" }]);
    const direct = play.anotherEngine({ target: { kind: "postgres", url: play.url } });
    expect((await direct.listMigrations({}, {})).counts).toEqual({ applied: 2 });
    expect((await direct.applyMigration({}, {})).status).toBe("nothing_to_apply");
  });

  test("of a migration's last step: the run is found to be complete", async () => {
    const play = await createFaulty();
    await play.write({ "20260101000001_second.sql": "vacuum first;\n" });
    const answer = play.apply();
    await eventually(
      async () =>
        (
          await play.sql`select from supabase_migrations.migration_history where statement_results @> '[{"state": "running"}]' or status = 'completed' and version = '20260101000001'`
        ).length > 0,
      "the step",
    );
    play.proxy.cutAfterRequest(commitText);
    expect(["applied", "failed"]).toContain((await answer).status);
    play.proxy.heal();
    expect(["applied", "nothing_to_apply"]).toContain((await play.apply()).status);
    expect(await play.entries()).toHaveLength(2);
    expect((await play.runs()).every((run) => run["status"] === "completed")).toBe(true);
  });
});

describe("a transaction that the server goes on with after its client is gone", () => {
  test.each([
    ["commits after all", 0.5, 1],
    ["notices at last that it has no client", 3, 0],
  ])("is waited for until it %s, and reported so", async (_, seconds, rows) => {
    const play = await createFaulty();
    // A trigger at commit time keeps the lost COMMIT busy for a while; the server looks for its client every second.
    await play.sql
      .unsafe(
        `create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(${seconds}); return null; end $$;
         create table slow (id int);
         create constraint trigger at_commit after insert on slow deferrable initially deferred for each row execute function dawdle();`,
      )
      .simple();
    play.proxy.cutAfterRequest(commitText);
    const insert = { query: "insert into slow values (1)", write: true };
    const answer = await codeOf(play.engine.executeSql(insert, {}));
    if (rows === 1) expect(answer).toMatchObject({ resolved: { rows_affected: 1 } });
    else expect(answer).toBe("connection_lost");
    expect(await play.sql`select id from slow`).toHaveLength(rows);
  });

  test("is ended where it holds on for long", { timeout: 60_000 }, async () => {
    const play = await createFaulty();
    // The network is gone in both directions: the server sees neither COMMIT nor the end of its client.
    const blocked = connect(play.url, { max: 1 });
    onTestFinished(() => blocked.end());
    play.proxy.cutBeforeRequest("\0never sent\0");
    const zombie =
      "select pid from pg_stat_activity where application_name = 'godwit' and state = 'idle in transaction'";
    const stop = new AbortController();
    const darken = eventually(async () => {
      const [row] =
        await play.sql`select pid from pg_stat_activity where application_name = 'godwit' and query like 'insert into second%'`;
      return row !== undefined;
    }, "the migration's last statement").catch(() => undefined);
    await play.write({
      "20260101000001_second.sql":
        "create table second (id int);\ninsert into second select 1 from pg_sleep(0.5);\n",
    });
    const answer = play.apply({}, { signal: stop.signal });
    await darken;
    play.proxy.goDark();
    await eventually(
      async () => (await blocked.unsafe(zombie)).length > 0,
      "the transaction without a client",
    );
    await pause(100);
    // A network that is down is noticed by the client in the end.
    play.proxy.heal();
    play.proxy.cutNow();
    expect(await answer).toMatchObject({ status: "failed", failure: { code: "connection_lost" } });
    await eventually(async () => (await blocked.unsafe(zombie)).length === 0, "the end of the zombie");
    expect(await play.relations()).toEqual(["first"]);
    expect((await play.apply()).status).toBe("applied");
  });
});

describe("a backend that is terminated", () => {
  test("in the middle of a migration leaves nothing of it, and the next call applies it", async () => {
    const play = await createFaulty();
    await play.write({
      "20260101000001_second.sql": "create table second (id int);\nselect pg_sleep(20);\n",
    });
    const answer = play.apply();
    await eventually(
      async () =>
        (
          await play.sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'`
        ).length > 0,
      "the sleeping statement",
    );
    expect(await answer).toMatchObject({
      status: "failed",
      failure: { code: "connection_lost", statement: 2 },
    });
    expect(await play.relations()).toEqual(["first"]);
    await play.write({ "20260101000001_second.sql": "create table second (id int);\n" });
    expect((await play.apply()).status).toBe("applied");
  });
});

describe("the rows of a committed migration", () => {
  test("that cannot be read back make its outcome unknown, not failed", { timeout: 60_000 }, async () => {
    const play = await createFaulty();
    // The answer to COMMIT arrives; what is asked after it does not.
    play.proxy.cutBeforeRequest("as has_entry");
    const answer = play.apply();
    await eventually(async () => (await play.relations()).includes("second"), "the commit");
    const report = await answer;
    expect(report).toMatchObject({ status: "in_doubt", failure: { code: "outcome_unknown" } });
    expect((await play.engine.listMigrations({}, {})).counts).toEqual({ applied: 2 });
  });

  test("that something removes at once are missed", async () => {
    const play = await createFaulty();
    await play.sql
      .unsafe(
        `create function swallow() returns trigger language plpgsql as $$ begin return null; end $$;
         create trigger swallow before insert on supabase_migrations.schema_migrations for each row execute function swallow();`,
      )
      .simple();
    expect(await play.apply()).toMatchObject({ status: "in_doubt", failure: { code: "outcome_unknown" } });
  });
});
