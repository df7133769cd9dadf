import { describe, expect, test } from "vitest";
import { splitBothWays } from "../../../src/engine/sql/both-ways.ts";

describe("a migration and its way back in one file", () => {
  test.each([
    ["dbmate", "-- migrate:up\n", "-- migrate:down\n"],
    [
      "dbmate without a transaction",
      "-- migrate:up transaction:false\n",
      "-- migrate:down transaction:false\r\n",
    ],
    ["goose", "-- +goose Up\n", "-- +goose Down\n"],
    ["sql-migrate", "-- +migrate Up\n", "-- +migrate Down\n"],
    ["node-pg-migrate", "-- Up Migration\n", "-- Down Migration\n"],
    ["rambler", "-- rambler up\n", "-- rambler down\n"],
    ["Play", "# --- !Ups\n", "# --- !Downs\n"],
  ])("is cut at the marks of %s", (_, up, down) => {
    expect(splitBothWays(`-- why\n${up}create table t ();\n${down}drop table t;\n`)).toEqual({
      up: "-- why\ncreate table t ();\n",
      down: "drop table t;\n",
      downLine: 4,
    });
  });

  test("may hold the way back first", () => {
    expect(splitBothWays("-- migrate:down\ndrop table t;\n-- migrate:up\ncreate table t ();")).toEqual({
      up: "create table t ();",
      down: "drop table t;\n",
      downLine: 1,
    });
  });

  test.each([
    "select 1;\n",
    "-- down\nselect 1;\n",
    "-- scale down migrations later\nselect 1;\n",
    "-- migrate:up\nselect 'down';",
  ])("is not seen in %j", (sql) => expect(splitBothWays(sql)).toBeUndefined());
});
