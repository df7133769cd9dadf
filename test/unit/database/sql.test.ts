import { expect, test } from "vitest";
import { ident, joinSql, sql, userStatement } from "../../../src/engine/database/sql.ts";

test("values travel apart from the text, in order", () => {
  expect(sql`select ${"a"}, ${null}, ${["x"]}`).toEqual({
    text: "select $1, $2, $3",
    values: ["a", null, ["x"]],
  });
});

test("identifiers are quoted, with quotes inside them doubled", () => {
  expect(sql`table ${ident("public", 'we"ird')}`).toEqual({ text: 'table "public"."we""ird"', values: [] });
});

test("a query inside a query keeps its values under new numbers", () => {
  const condition = sql`a = ${1} and b = ${2}`;
  expect(sql`select ${"first"} where ${condition} or c = ${3}`).toEqual({
    text: "select $1 where a = $2 and b = $3 or c = $4",
    values: ["first", 1, 2, 3],
  });
});

test("queries are joined with their values renumbered", () => {
  expect(joinSql([sql`a = ${1}`, sql`true`, sql`b = ${2}`], " and ")).toEqual({
    text: "a = $1 and true and b = $2",
    values: [1, 2],
  });
});

test("a user's statement is not touched, dollar signs included", () => {
  const text = "select $$ $1 ${x} \\n $$";
  expect(userStatement(text)).toEqual({ text, values: [] });
  expect(sql`${userStatement(text)}`.text).toBe(text);
});
