import { describe, expect, test } from "vitest";
import { sqlFingerprint } from "../../../src/engine/sql/token-stream.ts";
import { splitStatements } from "../../../src/engine/sql/split.ts";
import { pick, randomStatements, seededRandom } from "./seeded-sql.ts";

describe("sqlFingerprint", () => {
  test("is the same for a row of one statement, of many, and for the file, whatever the spacing and comments", () => {
    const random = seededRandom(7);
    for (let run = 0; run < 500; run += 1) {
      const statements = randomStatements(random);
      const gap = (): string =>
        pick(random, [";\n", " ;\r\n-- c ; 'x\n", "; /* a /* b */ ; */ ", ";;\n\n", "\n;\u00a0"]);
      const file = `\ufeff${statements.map((statement) => statement + gap()).join("")}`;
      const row = splitStatements(file).map((statement) => statement.text);
      expect(
        new Set([
          sqlFingerprint(file),
          sqlFingerprint(row),
          sqlFingerprint([file]),
          sqlFingerprint(statements),
        ]).size,
      ).toBe(1);
    }
  });

  test.each([
    ["case of unquoted words", "SELECT A FROM B", "select a from b"],
    ["space around operators", "select a<-1, b||c", "select a < -1 , b || c"],
    ["line ends inside a literal", "select 'a\r\nb', $$\r\n$$", "select 'a\nb', $$\n$$"],
    ["comments of every kind", "/* x */ select -- y\n 1;", "select 1"],
    ["a literal in two lines", "select 'a'\n'b'", "select 'a' -- c\n   'b'"],
  ])("does not see %s", (_name, left, right) => {
    expect(sqlFingerprint(left)).toBe(sqlFingerprint(right));
  });

  test.each([
    ["a literal", "select 'a'", "select 'b'"],
    ["space in a literal", "select 'a b'", "select 'a  b'"],
    ["a comment in a literal", "select '--a'", "select '--b'"],
    ["the case of a literal", "select 'a'", "select 'A'"],
    ["a body", "do $$ begin a; end $$", "do $$ begin b; end $$"],
    ["the case of a quoted name", 'select "a"', 'select "A"'],
    ["quotes around a name", 'select "a"', "select a"],
    ["a letter beyond ASCII", "select É", "select é"],
    ["an operator", "select a < b", "select a <= b"],
    ["where an operator ends", "select a @ - 1", "select a @- 1"],
    ["where a word ends", "select ab", "select a b"],
    ["a number", "select 1", "select 10"],
    ["a number's end", "select 1, 23", "select 12, 3"],
    ["the order", "select a; select b", "select b; select a"],
    ["a statement more", "select a", "select a; select b"],
  ])("sees %s", (_name, left, right) => {
    expect(sqlFingerprint(left)).not.toBe(sqlFingerprint(right));
  });
});
