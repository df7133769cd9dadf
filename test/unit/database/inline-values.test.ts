import { expect, test } from "vitest";
import { inlineValues } from "../../../src/engine/database/inline-values.ts";
import { scriptText } from "../../../src/engine/database/management/script-text.ts";
import { sql, userStatement } from "../../../src/engine/database/sql.ts";

test.each([
  ["it's", "E'it\\'s'"],
  ["back\\slash", "E'back\\\\slash'"],
  ["\\'; drop table t; --", "E'\\\\\\'; drop table t; --'"],
  ["$1 $2", "E'$1 $2'"],
  [7, "E'7'"],
  [true, "E'true'"],
  [null, "null"],
  [['a"b', "c,d"], 'E\'{"a\\\\"b","c,d"}\''],
])("%j is written as the literal %s", (value, literal) => {
  expect(inlineValues(sql`select ${value}, ${"$1"}`)).toBe(`select ${literal}, E'$1'`);
});

test("a NUL character is refused as the server refuses it", () => {
  expect(() => inlineValues(sql`select ${"a\0b"}`)).toThrow(
    expect.objectContaining({ fields: expect.objectContaining({ sqlstate: "22021" }) }),
  );
});

test("a comment at the end of a statement does not swallow the next one", () => {
  expect(scriptText([userStatement("select 1 -- one"), userStatement("select 2")])).toBe(
    "select 1 -- one\n;\nselect 2\n;",
  );
});
