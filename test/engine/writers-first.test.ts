import { expect, test } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { createProject } from "../support/project.ts";

test("everything that a writer asks of the database goes before what readers ask", async () => {
  const places: (string | undefined)[] = [];
  const database = await openDatabase({ kind: "embedded", dataDir: "memory" });
  const noting: SessionDatabase = {
    ...database,
    withSession: (use, place) => {
      places.push(place);
      return database.withSession(use, place);
    },
  };
  const project = await createProject({});
  const limits = { lockTimeoutMs: 500, lockWaitMs: 500, statementTimeoutMs: 5_000, queryTimeoutMs: 5_000 };
  const settings = { ...limits, projectDir: project.dir, readOnly: false, observe: () => undefined };
  const engine = createEngineOn(settings, async () => noting);
  const placesOf = async (call: Promise<unknown>) => {
    places.length = 0;
    await call;
    return new Set(places);
  };
  try {
    const query = "create table public.notes (note text);";
    expect(await placesOf(engine.applyMigration({ name: "notes", query }, {}))).toEqual(new Set(["first"]));
    const insert = { query: "insert into notes values ('a')", write: true };
    expect(await placesOf(engine.executeSql(insert, {}))).toEqual(new Set(["first"]));
    expect(await placesOf(engine.rollbackMigration({}, {}))).toEqual(new Set(["first"]));
    const select = { query: "select 1" };
    expect(await placesOf(engine.executeSql(select, {}))).toEqual(new Set([undefined]));
    expect(await placesOf(engine.listMigrations({}, {}))).toEqual(new Set([undefined]));
  } finally {
    await engine.close();
    await project.remove();
  }
});
