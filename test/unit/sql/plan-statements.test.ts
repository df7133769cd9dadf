import { describe, expect, test } from "vitest";
import { planStatements } from "../../../src/engine/sql/plan-statements.ts";

async function pieces(sql: string): Promise<readonly string[]> {
  const planned = await planStatements(sql);
  if (planned.kind !== "planned") return [planned.kind];
  return planned.pieces.map(
    (piece) =>
      `${piece.line}:${piece.column} ${piece.kind === "statement" ? piece.classification.command : "comment"} ${sql.startsWith(piece.text, piece.start) ? piece.text : "?"}`,
  );
}

describe("planStatements", () => {
  test("gives statements and lone comments in order, at the line of the SQL", async () => {
    expect(await pieces("/* head */;\n-- c\ncreate table a ();\n  select 1 -- x;\n;\n-- end")).toEqual([
      "1:1 comment /* head */",
      "3:1 CREATE TABLE -- c\ncreate table a ()",
      "4:3 SELECT select 1 -- x;",
      "6:1 comment -- end",
    ]);
  });

  test("keeps a last statement whose comment ends in a semicolon", async () => {
    expect(await pieces("table a; table b -- c;")).toEqual([
      "1:1 SELECT table a",
      "1:10 SELECT table b -- c",
    ]);
  });

  test("follows the parser where the text only looks like an SQL-standard body", async () => {
    expect(await pieces("select begin atomic from t; select 2 -- x\n; -- end")).toEqual([
      "1:1 SELECT select begin atomic from t",
      "1:29 SELECT select 2 -- x",
      "2:3 comment -- end",
    ]);
  });

  test("reads past the space that the CLI trims and PostgreSQL does not know", async () => {
    expect(await pieces("\ufefftable a\u00a0;\u00a0table b;\u2028")).toEqual([
      "1:2 SELECT table a",
      "1:12 SELECT table b",
    ]);
  });

  test.each([
    ["\\restrict x\ntable a;", "unsupported"],
    ["copy a from stdin;\n1\n\\.\n", "unsupported"],
    ["table a; \u0000", "unsupported"],
    ["tabel a", "syntax_error"],
  ])("refuses %j as %s", async (sql, kind) => {
    expect(await pieces(sql)).toEqual([kind]);
  });
});
