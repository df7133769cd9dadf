import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../../src/engine/database/open-database.ts";
import type { Database } from "../../../src/engine/ports.ts";
import { replayOnDatabase } from "../../../src/engine/shadow/replay-on-database.ts";
import { createDatabase, type TestDatabase } from "../../support/test-database.ts";

let empty: TestDatabase;
let database: Database;
beforeAll(async () => {
  empty = await createDatabase();
  database = await openDatabase({ kind: "postgres", url: empty.url });
});
afterAll(async () => {
  await database.close();
  await empty.drop();
});

it("replays in an empty database of a server, and never in one that holds a table", async () => {
  const files = [
    { path: "1.sql", sql: "create table a (id int); set search_path = '';" },
    {
      path: "2.sql",
      sql: "create table b (id int);\ncreate table b (id int);\ncreate index concurrently i on b (id);",
    },
  ];
  const { catalog, findings } = await replayOnDatabase(database, files);
  expect(findings).toMatchObject([{ file: "2.sql", line: 2, sqlstate: "42P07" }]);
  const made = [...catalog.facts.values()].filter(({ kind }) => kind === "table" || kind === "index");
  expect(made.map(({ id }) => id.name).toSorted()).toEqual(["a", "b", "i"]);
  await expect(replayOnDatabase(database, files)).rejects.toMatchObject({ code: "invalid_settings" });
});
