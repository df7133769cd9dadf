import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isCommentOnly, splitStatements, transactionMode } from "../../../src/engine/sql/split.ts";

const texts = (sql: string): readonly string[] => splitStatements(sql).map((statement) => statement.text);

type Vector = {
  readonly input: string;
  readonly statements: readonly string[];
  readonly transactionMode: string;
};
const vectorsPath = join(import.meta.dirname, "../../../../shared/data/cli-splitter-vectors.json");

/** Valid SQL that the CLI cuts apart: docs/decisions/0003. */
const SPLIT_RIGHT: Readonly<Record<string, readonly string[]>> = {
  "create rule r as on insert to a do also (insert into b values (1); insert into c values (2)); select 3": [
    "create rule r as on insert to a do also (insert into b values (1); insert into c values (2))",
    "select 3",
  ],
};

describe.skipIf(!existsSync(vectorsPath))("what Supabase CLI 3.1.0 was seen to record", () => {
  const vectors: readonly Vector[] = existsSync(vectorsPath)
    ? JSON.parse(readFileSync(vectorsPath, "utf8"))
    : [];
  test("there are vectors to compare", () => {
    expect(vectors.length).toBeGreaterThan(60);
  });
  test.each(vectors)("splits $input as the CLI does, or right where the CLI is wrong", (vector) => {
    expect(texts(vector.input)).toEqual(SPLIT_RIGHT[vector.input] ?? vector.statements);
    expect(transactionMode(vector.input)).toBe(vector.transactionMode);
  });
});

describe("splitStatements", () => {
  test.each<readonly [string, string, readonly string[]]>([
    ["keeps nothing of a text of semicolons and spaces", " ;; \n;\t", []],
    [
      "drops the semicolons and the space around a statement",
      "  table a ;; ;table b",
      ["table a", "table b"],
    ],
    [
      "strips a byte order mark and no-break spaces at the edges",
      "\ufefftable a;\u00a0table b\u00a0;",
      ["table a", "table b"],
    ],
    ["keeps line ends inside a statement", "table\r\n a;\r\ntable b;\r\n", ["table\r\n a", "table b"]],
    [
      "keeps a comment before the statement it stands in front of",
      "-- one;\ntable a; /* two; */ table b;",
      ["-- one;\ntable a", "/* two; */ table b"],
    ],
    ["keeps a comment at the end as an element", "table a;\n-- end", ["table a", "-- end"]],
    ["strips a semicolon that ends a closing comment", "table a; -- end;", ["table a", "-- end"]],
    ["reads nested comments", "table a /* x /* ; */ ; */; table b", ["table a /* x /* ; */ ; */", "table b"]],
    [
      "leaves semicolons in literals and names alone",
      `select ';', 'a'';', ";", "a"";"; table b`,
      [`select ';', 'a'';', ";", "a"";"`, "table b"],
    ],
    [
      "reads backslashes only in escape strings",
      String.raw`select '\'; select e'\';'; table b`,
      [String.raw`select '\'`, String.raw`select e'\';'`, "table b"],
    ],
    [
      "goes on with an escape string on the next line",
      "select e'a' -- c\n  '\\';'; table b",
      ["select e'a' -- c\n  '\\';'", "table b"],
    ],
    [
      "takes a prefix only when it is a word of its own",
      String.raw`select nice'\'; table b`,
      [String.raw`select nice'\'`, "table b"],
    ],
    [
      "leaves dollar quotes alone, whatever they hold",
      "do $a$ begin; $b$;$$;$b$ end; $a$; table b",
      ["do $a$ begin; $b$;$$;$b$ end; $a$", "table b"],
    ],
    [
      "takes a dollar sign behind a name for a part of the name",
      "table a$b$;table c$b$",
      ["table a$b$", "table c$b$"],
    ],
    [
      "takes a number behind a dollar sign for a parameter",
      "select $1$x$;$x$;table b",
      ["select $1$x$;$x$", "table b"],
    ],
    [
      "does not split inside parentheses, however deep",
      "create rule r as on insert to a do also (insert into b values ((1)); delete from c); table d",
      ["create rule r as on insert to a do also (insert into b values ((1)); delete from c)", "table d"],
    ],
    ["is not confused by a stray closing parenthesis", "select 1); table b", ["select 1)", "table b"]],
    [
      "keeps an SQL-standard body together",
      "create function f() returns int BEGIN /**/ ATOMIC select case when a then b end as pending; select c.end; END; table b",
      [
        "create function f() returns int BEGIN /**/ ATOMIC select case when a then b end as pending; select c.end; END",
        "table b",
      ],
    ],
    [
      "keeps BEGIN and END apart from bodies",
      "begin; table a; end; table b",
      ["begin", "table a", "end", "table b"],
    ],
    [
      "runs an unterminated literal to the end",
      "table a; select 'x; table b",
      ["table a", "select 'x; table b"],
    ],
    [
      "lets a backslash take the next character away",
      "select 1\\; table a; table b",
      ["select 1\\; table a", "table b"],
    ],
    [
      "splits the rows of a COPY as the CLI does",
      "copy t from stdin;\n1\t2\n\\.\ntable b;",
      ["copy t from stdin", "1\t2\n\\.\ntable b"],
    ],
  ])("%s", (_name, sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  test("says where each element begins, columns in code points", () => {
    const sql = "select '🙂é'; table b;\r\n  -- c\n  table c";
    const found = splitStatements(sql).map(({ start, end, line, column, text }) => ({
      line,
      column,
      isSlice: sql.slice(start, end) === text,
    }));
    expect(found).toEqual([
      { line: 1, column: 1, isSlice: true },
      { line: 1, column: 14, isSlice: true },
      { line: 2, column: 3, isSlice: true },
    ]);
  });
});

describe("isCommentOnly", () => {
  test.each([["-- a\n/* b */\u00a0"], [""], ["\ufeff"]])("is true of %j", (text) =>
    expect(isCommentOnly(text)).toBe(true),
  );
  test.each([["-- a\ntable b"], ["'--'"], ["\u200b"]])("is false of %j", (text) =>
    expect(isCommentOnly(text)).toBe(false),
  );
});

describe("transactionMode", () => {
  test.each([["-- pg-delta: transaction=false"], ["\ufeff-- pg-delta: transaction=false\r\ntable a"]])(
    "is none for %j",
    (sql) => expect(transactionMode(sql)).toBe("none"),
  );
  test.each([
    ["\n-- pg-delta: transaction=false"],
    ["-- pg-delta: transaction=false "],
    [" -- pg-delta: transaction=false"],
    ["-- pg-delta: transaction=true"],
  ])("is transactional for %j", (sql) => expect(transactionMode(sql)).toBe("transactional"));
});
