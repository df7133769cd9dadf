import { expect, test } from "vitest";
import { quoteIdentifier, quoteLiteral } from "../../../src/engine/sql/quote.ts";
import { parseStatements } from "../../../src/engine/sql/parse.ts";

test.each([["a"], ['say "hi"'], ["it's; --"], ["back\\slash"], ["é🙂\n$$"]])(
  "PostgreSQL's parser reads the quoted %j back as it was",
  async (text) => {
    const parsed = await parseStatements(`select ${quoteLiteral(text)} as ${quoteIdentifier(text)}`);
    expect(parsed.kind === "parsed" && parsed.statements.map((statement) => statement.node)).toMatchObject([
      {
        SelectStmt: {
          targetList: [{ ResTarget: { name: text, val: { A_Const: { sval: { sval: text } } } } }],
        },
      },
    ]);
  },
);
