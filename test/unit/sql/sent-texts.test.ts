import { expect, test } from "vitest";
import { kindOf } from "../../../src/engine/sql/walk-tree.ts";
import { parseStatements } from "../../../src/engine/sql/parse.ts";
import { planStatements } from "../../../src/engine/sql/plan-statements.ts";
import { judgeReadOnlyQuery } from "../../../src/engine/sql/read-only.ts";
import { labelled } from "../rules/labelled.ts";
import { pick, randomStatements, randomText, seededRandom } from "./seeded-sql.ts";

const hiding = [
  "; ",
  "';",
  "$$",
  "/*",
  "*/",
  "--",
  "\n",
  "\\",
  "\u00a0",
  "commit; ",
  "drop table t;",
  "'",
] as const;

/** Troublesome pieces, known statements joined in odd ways, and statements with something put into their middle. */
function textOf(random: () => number, run: number): string {
  if (run % 4 === 0) return randomText(random);
  if (run % 4 === 1) return randomStatements(random).join(pick(random, hiding));
  const [text = ""] = labelled[Math.floor(random() * labelled.length)] ?? [];
  const at = Math.floor(random() * text.length);
  return text.slice(0, at) + pick(random, hiding) + text.slice(at);
}

test("of 20,000 disturbed texts nothing would be sent but single statements that were classified as what they are", async () => {
  const random = seededRandom(20_260_512);
  let sent = 0;
  for (let run = 0; run < 20_000; run += 1) {
    const sql = textOf(random, run);
    const planned = await planStatements(sql);
    if (planned.kind !== "planned") continue;
    for (const piece of planned.pieces) {
      const parsed = await parseStatements(piece.text);
      const kinds =
        parsed.kind === "parsed" ? parsed.statements.map(({ node }) => kindOf(node)) : [parsed.kind];
      const expected = piece.kind === "statement" ? [kindOf(piece.node)] : [];
      if (kinds.join() !== expected.join()) expect.fail(`${kinds.join()} in ${JSON.stringify(sql)}`);
      sent += expected.length;
    }
  }
  expect(sent).toBeGreaterThan(4_000);
});

test("of 20,000 disturbed texts only single queries pass as reads", async () => {
  const random = seededRandom(20_260_513);
  let reads = 0;
  for (let run = 0; run < 20_000; run += 1) {
    const verdict = await judgeReadOnlyQuery(textOf(random, run));
    if (verdict.kind !== "read") continue;
    reads += 1;
    const parsed = await parseStatements(verdict.statement.text);
    const kinds =
      parsed.kind === "parsed" ? parsed.statements.map(({ node }) => kindOf(node)) : [parsed.kind];
    if (!/^(?:SelectStmt|ExplainStmt|VariableShowStmt)$/.test(kinds.join()))
      expect.fail(`${kinds.join()} in ${JSON.stringify(verdict.statement.text)}`);
  }
  expect(reads).toBeGreaterThan(100);
});
