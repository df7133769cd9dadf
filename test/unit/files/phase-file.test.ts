import { describe, expect, it } from "vitest";
import {
  composePhase,
  parseKey,
  parsePhase,
  parsePhaseFileName,
  readPhase,
} from "../../../src/engine/files/phase-file.ts";

describe("a phase's file", () => {
  it.each([
    ["1_a.sql", { number: "1", name: "a" }],
    ["1.2_move_orders.sql", { number: "1.2", name: "move_orders" }],
    ["20260101-2_x.sql", { number: "20260101-2", name: "x" }],
    ["1.2.sql", undefined],
    ["_x.sql", undefined],
    ["1_Move.sql", undefined],
    ["../1_x.sql", undefined],
    ["1_x.sql.bak", undefined],
  ])("is known by its name: %s", (fileName, expected) => {
    expect(parsePhaseFileName(fileName)).toEqual(expected);
  });

  it("says key, size, pause and budget above the SQL, in any order and case", () => {
    const sql =
      '-- BUDGET: 500 ms\n-- batch size: 20 rows\n\n-- Key: "My Shop"."a.b".id\nselect 1;\n-- Pause: 9\n';
    expect(readPhase("1_x.sql", sql).batching).toEqual({
      key: { schema: "My Shop", table: "a.b", column: "id" },
      batchSize: 20,
      pauseMs: 50,
      budgetMs: 500,
    });
  });

  it("is refused with a size or key that means nothing", () => {
    expect(() => readPhase("1_x.sql", "-- Key: orders.id\n-- Batch size: many\n")).toThrow("Batch size");
    expect(() => readPhase("1_x.sql", "-- Key: orders.id\n-- Budget: 5\n")).toThrow("100 or more");
    expect(() => parseKey("id")).toThrow("schema.table.column");
    expect(() => parseKey("a.b.c.d")).toThrow("schema.table.column");
  });

  it("is written so that it reads back", () => {
    const date = new Date("2026-11-23T01:02:03.456Z");
    const sql = "update orders set a = 1 where id between :from and :to\n\n";
    const text = composePhase(
      { number: "1.2", name: "x" },
      { sql, batching: { key: "Orders.ID", batchSize: 7 }, date },
    );
    expect(text).toBe(
      "-- Phase: 1.2 x\n-- Date: 2026-11-23T01:02:03Z\n-- Key: public.orders.id\n-- Batch size: 7\n\nupdate orders set a = 1 where id between :from and :to\n",
    );
    expect(readPhase("1.2_x.sql", text).batching).toMatchObject({ batchSize: 7, key: { schema: "public" } });
  });
});

it.each([
  ["1.2", { number: "1.2", name: undefined }],
  ["1.2_move_orders", { number: "1.2", name: "move_orders" }],
  [" 1.2 Move Orders ", { number: "1.2", name: "move_orders" }],
  ["1.2_move.sql", { number: "1.2", name: "move" }],
])("a phase is asked for as %j", (given, expected) => {
  expect(parsePhase(given)).toEqual(expected);
});

it.each(["", "../x", "_x", "1/2", "ä_x"])("a phase is not asked for as %j", (given) => {
  expect(() => parsePhase(given)).toThrow("no phase");
});
