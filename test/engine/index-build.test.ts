import { describe, expect, onTestFinished, test } from "vitest";
import type { ApplyMigrationReport } from "../../src/engine/index.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { sharedServer } from "../support/test-database.ts";
import { createPlayground, eventually, type Playground } from "./playground.ts";

const version = "20260101000000";
const fileName = `${version}_steps.sql`;

async function stateOf(play: Playground): Promise<unknown> {
  const { migrations } = await play.engine.listMigrations({}, {});
  return migrations.map((row) => row.state);
}

async function invalidIndexes(play: Playground): Promise<readonly unknown[]> {
  const rows = await play.sql`
    select indexrelid::regclass::text as name from pg_index where not indisvalid order by 1`;
  return rows.map((row) => row["name"]);
}

describe("an index build", () => {
  const build =
    "create table a (id int);\ninsert into a values (1), (1);\ncreate unique index concurrently a_id on a (id);\n";

  test("that fails leaves no invalid index and is built once its cause is gone", async () => {
    const play = await createPlayground({ files: { [fileName]: build } });
    expect(await play.apply()).toMatchObject({
      status: "failed",
      failure: { sqlstate: "23505", statement: 3 },
    });
    expect(await invalidIndexes(play)).toEqual([]);
    expect(await play.relations()).toEqual(["a"]);
    await play.sql`delete from a where ctid = '(0,1)'`;
    expect(await play.apply()).toMatchObject({ status: "applied" });
    expect(await play.relations()).toEqual(["a", "a_id"]);
  });

  test("that failed may be written otherwise", async () => {
    const play = await createPlayground({ files: { [fileName]: build } });
    await play.apply();
    await play.write({ [fileName]: build.replace("create unique index", "create index") });
    expect(await play.apply()).toMatchObject({ status: "applied" });
    expect(await play.relations()).toEqual(["a", "a_id"]);
  });

  test("over somebody else's invalid index is refused, also with IF NOT EXISTS", async () => {
    const play = await createPlayground({
      before: "create table a (id int); insert into a values (1), (1);",
      files: { [fileName]: "create unique index concurrently if not exists a_id on a (id);\n" },
    });
    await play.sql.unsafe("create unique index concurrently a_id on a (id)").catch(() => undefined);
    expect(await invalidIndexes(play)).toEqual(["a_id"]);
    expect(await play.apply()).toMatchObject({ status: "failed", failure: { code: "not_applicable" } });
    expect(await invalidIndexes(play)).toEqual(["a_id"]);
    expect(await play.entries()).toEqual([]);
  });

  test.each([
    [
      "its file's search path",
      "set search_path = other;\ncreate table a (id int);\ninsert into a values (1), (1);\ncreate unique index concurrently a_id on a (id);\n",
    ],
    [
      "a qualified table",
      "create table other.a (id int);\ninsert into other.a values (1), (1);\ncreate unique index concurrently a_id on other.a (id);\n",
    ],
  ])("that fails under %s leaves no invalid index either", async (_, text) => {
    const play = await createPlayground({ before: "create schema other", files: { [fileName]: text } });
    expect(await play.apply()).toMatchObject({ status: "failed", failure: { sqlstate: "23505" } });
    expect(await invalidIndexes(play)).toEqual([]);
  });

  test("whose end was never seen is taken as done where the index is valid", async () => {
    const play = await interruptedBuild();
    play.cutConnection();
    expect(await play.release()).toMatchObject({ status: "failed", failure: { code: "connection_lost" } });
    await eventually(
      async () => (await play.relations()).includes("a_id") && (await invalidIndexes(play)).length === 0,
      "the abandoned build's end",
    );
    expect(await stateOf(play)).toEqual(["incomplete"]);
    const [before] = await play.sql`select 'a_id'::regclass::oid as oid`;
    expect(await play.apply()).toMatchObject({ status: "applied" });
    expect((await play.sql`select 'a_id'::regclass::oid as oid`)[0]).toEqual(before);
  });

  test("that was interrupted is dropped and built again where the index is invalid", async () => {
    const play = await interruptedBuild();
    await play.killBuild();
    await play.release();
    expect(await invalidIndexes(play)).toEqual(["a_id"]);
    expect(await stateOf(play)).toEqual(["incomplete"]);
    expect(await play.apply()).toMatchObject({ status: "applied" });
    expect(await invalidIndexes(play)).toEqual([]);
    expect(await play.relations()).toEqual(["a", "a_id"]);
  });

  test("that was interrupted is not taken for another one", async () => {
    const play = await interruptedBuild();
    await play.killBuild();
    await play.release();
    await play.write({ [fileName]: interrupted.replace("a (id)", "a (id desc)") });
    expect(await play.apply()).toMatchObject({ status: "failed", failure: { code: "not_applicable" } });
    await play.write({ [fileName]: interrupted });
    expect(await play.apply()).toMatchObject({ status: "applied" });
  });
});

const interrupted = "create table a (id int);\ncreate index concurrently a_id on a (id);\n";

interface InterruptedBuild extends Playground {
  /** Ends the other session's transaction; answers what the engine reported. */
  readonly release: () => Promise<ApplyMigrationReport>;
  readonly cutConnection: () => void;
  readonly killBuild: () => Promise<void>;
}

/** A build that waits for another session's transaction. */
async function interruptedBuild(): Promise<InterruptedBuild> {
  const { port } = await sharedServer(17);
  const proxy = await startTcpProxy(port);
  onTestFinished(() => proxy.close());
  const play = await createPlayground({
    files: { [fileName]: interrupted },
    engineUrl: (url) => url.replace(`:${port}/`, `:${proxy.port}/`),
  });
  const holder = await play.sql.reserve();
  // An old snapshot keeps every build waiting in its last phase.
  await holder`begin isolation level repeatable read`;
  await holder`select 1`;
  const answer = play.apply();
  const pid = await eventually(async () => {
    const rows = await play.sql`
      select pid from pg_stat_activity
      where query like '%concurrently a_id%' and wait_event_type = 'Lock' and pid <> pg_backend_pid()`;
    return rows[0]?.["pid"] as number | undefined;
  }, "the waiting build");
  return {
    ...play,
    release: async () => {
      await holder`commit`;
      holder.release();
      return answer;
    },
    cutConnection: proxy.cutNow,
    killBuild: async () => {
      await play.sql`select pg_terminate_backend(${pid})`;
      await eventually(
        async () => (await play.sql`select from pg_stat_activity where pid = ${pid}`).length === 0,
        "the end of the build's backend",
      );
    },
  };
}
