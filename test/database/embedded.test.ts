import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPglite } from "../../src/engine/database/open-pglite.ts";
import { sql } from "../../src/engine/database/sql.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "godwit-embedded-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (database: SessionDatabase): Promise<unknown> =>
  database.withSession(async (session) => (await session.run(sql`select * from kept`)).rows);

const fill = (database: SessionDatabase): Promise<unknown> =>
  database.withSession((session) => session.run(sql`create table kept as select 1 as i`));

test("a folder is made with its parents, begins as a Supabase-like project and keeps what is written", async () => {
  const dataDir = join(folder, "below", "data");
  const first = await openPglite({ dataDir });
  await first.withSession(async (session) => {
    const { rows } = await session.run(
      sql`select current_setting('search_path') as path, to_regclass('auth.users')::text as users`,
    );
    expect(rows).toEqual([{ path: '"$user", public, extensions', users: "auth.users" }]);
  });
  await fill(first);
  await first.close();
  const second = await openPglite({ dataDir });
  expect(await read(second)).toEqual([{ i: 1 }]);
  await second.close();
});

test("two callers in one process share the folder, and the last to leave closes it", async () => {
  const dataDir = join(folder, "data");
  const [one, two] = await Promise.all([openPglite({ dataDir }), openPglite({ dataDir })]);
  await fill(one);
  await one.close();
  await one.close();
  expect(await read(two)).toEqual([{ i: 1 }]);
  const [, reopened] = await Promise.all([two.close(), openPglite({ dataDir })]);
  expect(await read(reopened)).toEqual([{ i: 1 }]);
  await reopened.close();
  expect(existsSync(`${dataDir}.lock`)).toBe(false);
});

test("a folder that another living process has is refused with that process's id", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await once(other, "spawn");
  const dataDir = join(folder, "data");
  writeFileSync(`${dataDir}.lock`, JSON.stringify({ pid: other.pid, token: "theirs" }));
  await expect(openPglite({ dataDir })).rejects.toMatchObject({
    code: "target_in_use",
    message: expect.stringContaining(String(other.pid)),
  });
  other.kill();
  await once(other, "exit");
  const database = await openPglite({ dataDir });
  await database.close();
});

test("a folder that a killed process has half filled is filled anew", async () => {
  const dataDir = join(folder, "data");
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, "PG_VERSION"), "18\n");
  writeFileSync(`${dataDir}.unfinished`, "");
  const database = await openPglite({ dataDir });
  await fill(database);
  await database.close();
  expect(readdirSync(folder)).toEqual(["data"]);
});

test("a folder with other files is refused and left as it is", async () => {
  const dataDir = join(folder, "data");
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, "letter.txt"), "dear");
  await expect(openPglite({ dataDir })).rejects.toMatchObject({ code: "invalid_settings" });
  expect(readdirSync(dataDir)).toEqual(["letter.txt"]);
});

test("a folder that is a file is refused", async () => {
  const dataDir = join(folder, "data");
  writeFileSync(dataDir, "");
  await expect(openPglite({ dataDir })).rejects.toMatchObject({ code: "target_unreachable" });
});

test("a session authorization that was left behind is taken back", async () => {
  const database = await openPglite({ dataDir: "memory" });
  await database.withSession((session) => session.run(sql`set session authorization anon`));
  const { rows } = await database.withSession((session) =>
    session.run(sql`select session_user::text as who`),
  );
  expect(rows).toEqual([{ who: "postgres" }]);
  await database.close();
});

test("any version of a known extension can be asked for", async () => {
  const database = await openPglite({ dataDir: "memory" });
  const result = await database.withSession((session) =>
    session.run({ text: "create extension pg_cron with version '1.2.3'", values: [] }),
  );
  expect(result.command).toBe("CREATE EXTENSION");
  await database.close();
});
