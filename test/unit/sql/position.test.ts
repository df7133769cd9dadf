import { describe, expect, test } from "vitest";
import {
  byteOffsetFinder,
  caretSnippet,
  lineColumnAt,
  offsetOfCodePoint,
} from "../../../src/engine/sql/position.ts";

test("lineColumnAt counts lines by line feeds and columns by code points", () => {
  const sql = "a\r\n🙂é x";
  expect(lineColumnAt(sql, sql.indexOf("x"))).toEqual({ line: 2, column: 4 });
  expect(lineColumnAt(sql, 99)).toEqual({ line: 2, column: 5 });
  expect(lineColumnAt("", 0)).toEqual({ line: 1, column: 1 });
});

test("offsetOfCodePoint turns PostgreSQL's position into a string offset", () => {
  expect("🙂🙂x".slice(offsetOfCodePoint("🙂🙂x", 3))).toBe("x");
  expect(offsetOfCodePoint("ab", 1)).toBe(0);
  expect(offsetOfCodePoint("ab", 9)).toBe(2);
});

test("byteOffsetFinder turns the parser's bytes into string offsets, forwards and back", () => {
  const sql = "aé€🙂z";
  const offsetOf = byteOffsetFinder(sql);
  const bytes = [0, 1, 3, 6, 10, 1];
  expect(bytes.map((byte) => sql.slice(offsetOf(byte)))).toEqual([
    "aé€🙂z",
    "é€🙂z",
    "€🙂z",
    "🙂z",
    "z",
    "é€🙂z",
  ]);
});

describe("caretSnippet", () => {
  test("puts the caret under the position, with tabs kept", () => {
    expect(caretSnippet("x\n\tselect 🙂 frm\r\ny", "x\n\tselect 🙂 ".length)).toBe(
      "\tselect 🙂 frm\n\t         ^",
    );
  });
  test("cuts a long line around the position", () => {
    const [line = "", caret = ""] = caretSnippet(`${"a".repeat(500)}!${"b".repeat(500)}`, 500).split("\n");
    expect([...line].length).toBeLessThanOrEqual(122);
    expect(line[caret.length - 1]).toBe("!");
  });
  test("stands behind the last character for an error at the end", () => {
    expect(caretSnippet("select (", 8)).toBe("select (\n        ^");
  });
});
