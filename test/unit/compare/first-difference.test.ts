import { expect, test } from "vitest";
import { firstDifference } from "../../../src/engine/compare/first-difference.ts";

test("the first differing token is told with its place in the file", () => {
  const sql = "-- header\ncreate table a (id int);\n\ncreate table b (\n  id bigint,\n  é text\n);\n";
  const difference = firstDifference(sql, ["create table a (id int)", "create table b (id int, é text)"]);
  expect(difference).toEqual({
    statement: 2,
    line: 5,
    column: 6,
    fileSql: "bigint, é text );",
    recordedSql: "int, é text)",
  });
});

test("columns are counted in code points", () => {
  expect(firstDifference("select '🎉', 1;", ["select '🎉', 2"])).toMatchObject({ line: 1, column: 13 });
});

test("a file that ends early is told at its end", () => {
  const difference = firstDifference("select 1;\n", ["select 1", "select 2"]);
  expect(difference).toMatchObject({
    statement: 1,
    line: 1,
    column: 9,
    fileSql: "",
    recordedSql: "select 2",
  });
});

test("a file that goes on is told where it does", () => {
  const difference = firstDifference("select 1;\nselect 2;\n", ["select 1"]);
  expect(difference).toMatchObject({
    statement: 2,
    line: 2,
    column: 1,
    fileSql: "select 2;",
    recordedSql: "",
  });
});

test("an empty file differs at its beginning", () => {
  expect(firstDifference("", ["select 1"])).toMatchObject({ statement: 1, line: 1, column: 1, fileSql: "" });
});

test.each([
  ["select 1; -- note", ["SELECT  1"]],
  ["select 1;\r\nselect 2;", ["select 1;\nselect 2"]],
  ["select 1;;", ["select 1"]],
  ["-- c", []],
])("%j and %j do not differ", (sql, statements) => {
  expect(firstDifference(sql, statements)).toBeUndefined();
});

test("excerpts are one line of 120 characters at most", () => {
  const difference = firstDifference(`select '${"🎉".repeat(500)}'`, ["select\n1"]);
  expect([...(difference?.fileSql ?? "")]).toHaveLength(120);
});
