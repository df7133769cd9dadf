import { expect, test } from "vitest";
import { checkStatements } from "../../../src/engine/rules/index.ts";
import { randomText, seededRandom } from "../sql/seeded-sql.ts";
import { labelled } from "./labelled.ts";

/** A labelled statement with a piece cut out or put in somewhere, or two of them in one. */
function disturb(random: () => number): string {
  const [text = ""] = labelled[Math.floor(random() * labelled.length)] ?? [];
  const [other = ""] = labelled[Math.floor(random() * labelled.length)] ?? [];
  const from = Math.floor(random() * text.length);
  const to = from + Math.floor(random() * 8);
  const put = random() < 0.3 ? randomText(random).slice(0, 12) : other.slice(from, from + 6);
  return random() < 0.5 ? `${text.slice(0, from)}${put}${text.slice(to)}` : `${text}; ${other}`;
}

test("20,000 disturbed texts are judged or told to be unreadable, and throw nothing", async () => {
  const random = seededRandom(20_260_404);
  let judged = 0;
  for (let run = 0; run < 20_000; run += 1) {
    const sql = run % 10 === 0 ? disturb(random) : randomText(random);
    const { findings, unreadable, statements } = await checkStatements({
      migrations: [{ fileName: "1_a.sql", sql }],
    });
    judged += unreadable.length === 0 && statements > 0 ? 1 : 0;
    const stray = findings.find((each) => each.statement < 1 || each.statement > statements || each.line < 1);
    if (stray !== undefined) expect.fail(`${stray.id} at no statement of ${JSON.stringify(sql)}`);
  }
  expect(judged).toBeGreaterThan(1_000);
});
