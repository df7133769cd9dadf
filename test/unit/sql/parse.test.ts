import { describe, expect, test } from "vitest";
import {
  DEEPEST_NESTING,
  LARGEST_SQL_BYTES,
  MOST_STATEMENTS,
  parseStatements,
} from "../../../src/engine/sql/parse.ts";

describe("parseStatements", () => {
  test("gives each statement with offsets that hold beyond ASCII", async () => {
    const sql = "\ufeff-- é🙂\ncreate table é🙂 (a int);\n select '🙂', 1; -- end";
    const parsed = await parseStatements(sql);
    expect(
      parsed.kind === "parsed" &&
        parsed.statements.map(({ text, start, end, line, column }) => ({
          text,
          slice: sql.slice(start, end),
          line,
          column,
        })),
    ).toEqual([
      { text: "create table é🙂 (a int)", slice: "create table é🙂 (a int)", line: 2, column: 1 },
      { text: "select '🙂', 1", slice: "select '🙂', 1", line: 3, column: 2 },
    ]);
  });

  test.each([
    ["select 'é🙂' as x y z", "y"],
    ["select '🙂';\nselect 'é' x y", "y"],
    ["\ufeffselect '🙂' x y", "y"],
    ["selec 1", "selec"],
    ["select (", ""],
  ])("points a syntax error in %j at %j", async (sql, expected) => {
    const parsed = await parseStatements(sql);
    expect(parsed.kind).toBe("syntax_error");
    expect(parsed.kind === "syntax_error" && sql.slice(parsed.offset, parsed.offset + expected.length)).toBe(
      expected,
    );
    expect(parsed.kind === "syntax_error" && parsed.offset).toBe(
      expected === "" ? sql.length : sql.indexOf(expected),
    );
  });

  test.each([
    ["nul_character", "select 1; \u0000 drop table t"],
    ["lone_surrogate", "select '\ud83d'"],
  ])("refuses a %s before the parser sees it", async (code, sql) => {
    expect(await parseStatements(sql)).toMatchObject({ kind: "unreadable_text", found: { code } });
  });

  test.each([[""], [" \n"], ["\ufeff"], ["-- c"], [";;"]])("finds no statement in %j", async (sql) => {
    expect(await parseStatements(sql)).toEqual({ kind: "parsed", statements: [] });
  });

  test("refuses more than it can parse in bounded memory, with the numbers", async () => {
    expect(await parseStatements(`select '${"é".repeat(LARGEST_SQL_BYTES / 2)}'`)).toMatchObject({
      kind: "too_large",
      measure: "bytes",
      limit: LARGEST_SQL_BYTES,
    });
    expect(await parseStatements("table t;".repeat(MOST_STATEMENTS + 1))).toEqual({
      kind: "too_large",
      measure: "statements",
      limit: MOST_STATEMENTS,
      actual: MOST_STATEMENTS + 1,
    });
  });

  test.each([
    ["a sum", `select ${"1+".repeat(50_000)}1`],
    ["parentheses", `select ${"(".repeat(20_000)}`],
    ["calls", `select ${"abs(".repeat(20_000)}1`],
  ])("refuses %s that is nested too deep, and parses on afterwards", async (_name, sql) => {
    expect(await parseStatements(sql)).toMatchObject({
      kind: "too_large",
      measure: "nesting",
      limit: DEEPEST_NESTING,
    });
    expect(await parseStatements("select 1")).toMatchObject({ kind: "parsed" });
  });

  test("does not take a long list for a deep one", async () => {
    expect(
      await parseStatements(`insert into t values ${"(-1, 2 + 3),".repeat(20_000)}(1, 2)`),
    ).toMatchObject({ kind: "parsed" });
    expect(await parseStatements(`select 1 from t where ${"a = 1 or ".repeat(6_000)} true`)).toMatchObject({
      kind: "parsed",
    });
  });
});
