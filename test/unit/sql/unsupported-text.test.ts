import { describe, expect, test } from "vitest";
import { findUnsupportedText } from "../../../src/engine/sql/unsupported-text.ts";

describe("findUnsupportedText", () => {
  test.each<readonly [string, readonly string[]]>([
    ["\\restrict abc\nselect 1;\n  \\connect x", ["psql_meta_command 1:1", "psql_meta_command 3:3"]],
    [
      "select '🙂';  -- c\n COPY public.t (a, b) FROM STDIN with (format csv);\n1,'\n\\.\n",
      ["copy_from_stdin 2:2"],
    ],
    ["table a; \u0000", ["nul_character 1:10"]],
    ["select '\udc00'", ["lone_surrogate 1:9"]],
  ])("finds what %j holds", (sql, expected) => {
    expect(findUnsupportedText(sql).map((found) => `${found.code} ${found.line}:${found.column}`)).toEqual(
      expected,
    );
  });

  test.each([
    ["select '\\restrict', $$copy t from stdin;$$ -- \\x"],
    ["copy t from '/tmp/x'"],
    ["copy (select 1 from stdin) to stdout"],
    ["select copy from stdin"],
    ["select '🙂', e'\\x'"],
  ])("finds nothing in %j", (sql) => {
    expect(findUnsupportedText(sql)).toEqual([]);
  });
});
